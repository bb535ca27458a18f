package dev.sluice.balance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of records; of a partition, or of a sink's partitions together.
 *
 * @param partition absent in the sum of all
 * @param partitions how many of the sink's partitions have a row; absent for one
 * @param nextOffset absent in the sum of all
 * @param countedFrom the offset from which records are counted; absent in the sum of all
 * @param countedLater how many partitions are not counted from their beginning; absent for one
 * @param settled records since then
 * @param written those that the target has, also replayed ones; absent where that is the business of other sinks
 * @param deadLetters since then; absent as before
 * @param holes offsets that are settled without a record; absent where offsets come in any order and this is a sum
 * @param receipts absent if they were not asked for
 * @param buffer of a sink that accepts and delivers
 * @param children the sinks that it is made of
 * @param comparisons what was compared
 * @param difference the first one that is not 0; absent where nothing was compared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BalanceAnswer(
        String sink,
        @Nullable String partition,
        @Nullable Long partitions,
        String type,
        @Nullable Long nextOffset,
        @Nullable Long countedFrom,
        @Nullable Long countedLater,
        long settled,
        @Nullable Long written,
        @Nullable LetterCounts deadLetters,
        @Nullable BigInteger holes,
        @Nullable ReceiptsAnswer receipts,
        @Nullable BufferAnswer buffer,
        @Nullable List<ChildAnswer> children,
        List<Comparison> comparisons,
        @Nullable Long difference) {

    /**
     * What the receipts have.
     *
     * @param from the first offset that has one; absent if there is none
     * @param complete whether there are receipts for all that is counted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReceiptsAnswer(@Nullable Long from, long records, boolean complete) {}

    /**
     * What a buffer has done with its records.
     *
     * @param waiting those that it keeps
     * @param onTheirWay those of them that the target has already, which the buffer is about to be told
     */
    record BufferAnswer(String target, long accepted, long delivered, long waiting, long onTheirWay) {}

    /**
     * One of the sinks that a sink is made of.
     *
     * @param nextOffset absent in the sum of all
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChildAnswer(
            String sink,
            @Nullable Long nextOffset,
            long settled,
            @Nullable Long written,
            LetterCounts deadLetters) {}

    /** Returns the first difference that is not 0; null where nothing was compared. */
    static @Nullable Long difference(List<Comparison> comparisons) {
        return comparisons.isEmpty()
                ? null
                : Long.valueOf(comparisons.stream()
                        .mapToLong(Comparison::difference)
                        .filter(difference -> difference != 0)
                        .findFirst()
                        .orElse(0));
    }
}
