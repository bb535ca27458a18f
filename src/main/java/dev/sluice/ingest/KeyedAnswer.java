package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.body.KeyedBatch;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to keyed records that are committed in every partition.
 *
 * @param status of all of them: {@code trimmed} where they differ
 * @param nextOffset below which everything is settled in every partition
 * @param dryRun true if everything was rolled back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyedAnswer(
        String sink,
        String status,
        long offset,
        long end,
        long written,
        long duplicates,
        long deadLettered,
        long nextOffset,
        String guarantee,
        List<PartAnswer> partitions,
        @Nullable Boolean verified,
        @Nullable Boolean dryRun) {

    /** What became of one partition's records. */
    record PartAnswer(
            String partition,
            String status,
            long written,
            long duplicates,
            long deadLettered,
            long nextOffset,
            long fencingToken,
            long version) {

        static PartAnswer of(String partition, Written written) {
            return new PartAnswer(
                    partition,
                    written.status().name().toLowerCase(Locale.ROOT),
                    written.written(),
                    written.duplicates(),
                    written.deadLettered(),
                    written.nextOffset(),
                    written.fencingToken(),
                    written.version());
        }
    }

    static KeyedAnswer of(SinkDefinition sink, KeyedBatch batch, List<Written> written, boolean dryRun) {
        List<PartAnswer> parts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            parts.add(PartAnswer.of(sink.partitions().get(i), written.get(i)));
        }
        Status status = status(written);
        return new KeyedAnswer(
                sink.id(),
                status.name().toLowerCase(Locale.ROOT),
                batch.first(),
                batch.end(),
                written.stream().mapToLong(Written::written).sum(),
                written.stream().mapToLong(Written::duplicates).sum(),
                written.stream().mapToLong(Written::deadLettered).sum(),
                written.stream().mapToLong(Written::nextOffset).min().orElseThrow(),
                sink.guarantee().text(),
                parts,
                status == Status.COMMITTED
                        ? null
                        : Boolean.valueOf(written.stream().allMatch(Written::verified)),
                dryRun ? true : null);
    }

    private static Status status(List<Written> written) {
        List<Status> distinct = written.stream().map(Written::status).distinct().toList();
        return distinct.size() == 1 ? distinct.get(0) : Status.TRIMMED;
    }
}
