package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException.Child;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sink of a fan-out.
 *
 * @param startAt where it starts if nothing was written to it yet: an offset or {@value FanoutSinkProperties#CURRENT};
 *     null for 0
 */
record FanoutChild(String sink, String partition, @Nullable String startAt, TargetWriter writer) {

    /** Brings the batch to this sink and tells what became of it. */
    Child write(SinkBatch<SinkRecord> batch) {
        Long nextOffset = null;
        try {
            nextOffset = writer.nextOffset(sink, partition);
            if (nextOffset == 0 && startAt != null) {
                nextOffset = start(batch.first());
            }
            if (nextOffset < batch.first()) {
                throw new SinkException(Disposition.BROKEN, behind(nextOffset, batch), null);
            }
            SinkBatch<SinkRecord> wanted = from(batch);
            return new Child(sink, partition, writer.write(sink, partition, wanted), null);
        } catch (SinkException e) {
            return new Child(sink, partition, nextOffset, e);
        }
    }

    /** Advances a sink that joins later to where it was told to start. */
    private long start(long first) {
        long offset = FanoutSinkProperties.CURRENT.equals(startAt) ? first : Long.parseLong(String.valueOf(startAt));
        return offset == 0 ? 0 : writer.write(sink, partition, new SinkBatch<>(0, offset, List.of()));
    }

    /** Returns the part of the batch that a sink which starts inside or behind it wants. */
    private SinkBatch<SinkRecord> from(SinkBatch<SinkRecord> batch) {
        if (startAt == null || FanoutSinkProperties.CURRENT.equals(startAt)) {
            return batch;
        }
        long start = Long.parseLong(startAt);
        if (start <= batch.first()) {
            return batch;
        }
        long first = Math.min(start, batch.end());
        return new SinkBatch<>(
                first,
                batch.end(),
                batch.items().stream()
                        .filter(record -> record.offset() >= first)
                        .toList());
    }

    private String behind(long nextOffset, SinkBatch<SinkRecord> batch) {
        return "it stands at " + nextOffset + ", but the batch begins at " + batch.first()
                + ": what lies between has been acknowledged without it. Write the offsets from " + nextOffset + " to "
                + batch.first() + " to " + sink + "/" + partition
                + " itself, or advance it there; a sink that joins a fan-out later starts where start-at." + sink
                + " says";
    }
}
