package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The records of a batch that its sink can never accept, found before anything is locked. They matter only if they
 * turn out to be new.
 *
 * @param listed the first ones
 * @param count all of them
 * @param last offset of the last one, −1 if there is none
 * @param complete whether all records were tried; if not, whoever writes them may still refuse some
 */
public record Refusals(List<RejectedRecord> listed, long count, long last, boolean complete) {

    /** All records were tried, and none is refused. */
    static final Refusals NONE = new Refusals(List.of(), 0, -1, true);

    private static final Refusals LEFT_TO_THE_WRITE = new Refusals(List.of(), 0, -1, false);

    static final int MOST_LISTED = 100;

    /** Tries every record of a batch, and has the sink make room for them where it can; on a dry run as if it had. */
    public static Refusals of(FixedPartitionedSink<?, ?> sink, Batch batch, boolean dryRun) {
        return of(sink, List.of(batch), dryRun).get(0);
    }

    /** The same for the batches of one request: room is made for all of them at once. */
    public static List<Refusals> of(FixedPartitionedSink<?, ?> sink, List<Batch> batches, boolean dryRun) {
        if (!dryRun && sink.checksAsItWrites()) {
            return Collections.nCopies(batches.size(), LEFT_TO_THE_WRITE);
        }
        List<Refusals> refusals = all(sink::check, batches);
        if (refusals.stream().flatMap(one -> one.listed().stream()).noneMatch(sink::makesRoomFor)) {
            return refusals;
        }
        if (dryRun) {
            return all(record -> checkAsIfThereWereRoom(sink, record), batches);
        }
        sink.makeRoom(() -> batches.stream().flatMap(Refusals::records).iterator());
        return all(sink::check, batches);
    }

    private static List<Refusals> all(Consumer<SinkRecord> check, List<Batch> batches) {
        return batches.stream().map(batch -> of(check, batch)).toList();
    }

    private static void checkAsIfThereWereRoom(FixedPartitionedSink<?, ?> sink, SinkRecord record) {
        try {
            sink.check(record);
        } catch (SinkException e) {
            if (e.rejected().isEmpty() || !e.rejected().stream().allMatch(sink::makesRoomFor)) {
                throw e;
            }
        }
    }

    private static Stream<SinkRecord> records(Batch batch) {
        BatchReader reader = batch.reader();
        return Stream.generate(reader::next).takeWhile(more -> more).map(more -> reader.record());
    }

    /** Tries every record of a batch; {@code check} throws for those that its sink can never accept. */
    public static Refusals of(Consumer<SinkRecord> check, Batch batch) {
        List<RejectedRecord> listed = new ArrayList<>();
        long count = 0;
        long last = -1;
        BatchReader reader = batch.reader();
        while (reader.next()) {
            try {
                check.accept(reader.record());
            } catch (SinkException e) {
                if (e.disposition() != Disposition.REJECTED) {
                    throw e;
                }
                if (listed.size() < MOST_LISTED) {
                    listed.addAll(e.rejected());
                }
                count++;
                last = reader.offset();
            }
        }
        return new Refusals(List.copyOf(listed), count, last, true);
    }

    /** Whether any of the refused records is in one of the ranges, which are in order. */
    boolean concern(List<OffsetRange> ranges) {
        boolean unlisted = count > listed.size() && last >= ranges.get(0).first();
        return unlisted || listed.stream().anyMatch(record -> isWithin(ranges, record.offset()));
    }

    /** Returns the same without records that the batch is written without. */
    Refusals without(Aside aside) {
        List<RejectedRecord> left = listed.stream()
                .filter(record -> !aside.contains(record.offset()))
                .toList();
        long leftCount = count - (listed.size() - left.size());
        return new Refusals(left, leftCount, leftCount == 0 ? -1 : last, complete);
    }

    Rejected outcome(List<OffsetRange> ranges) {
        return new Rejected(
                listed.stream()
                        .filter(record -> isWithin(ranges, record.offset()))
                        .toList(),
                count <= MOST_LISTED,
                null);
    }

    static boolean isWithin(List<OffsetRange> ranges, long offset) {
        return ranges.stream().anyMatch(range -> range.first() <= offset && offset < range.end());
    }
}
