package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException.Child;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One sink of a fan-out.
 *
 * @param startAt where it starts if nothing was written to it yet: an offset or {@value FanoutSinkProperties#CURRENT};
 *     null for 0
 */
record FanoutChild(String sink, String partition, @Nullable String startAt, TargetWriter writer) {

    /** Begins to bring the batch to this sink; the answer tells what became of it, and fails only unexpectedly. */
    CompletableFuture<Child> begin(SinkBatch<SinkRecord> batch, Executor blocking) {
        SinkBatch<SinkRecord> wanted = from(batch);
        return writer.begin(sink, partition, wanted)
                .exceptionallyCompose(failure -> fromItsStart(batch, wanted, bare(failure)))
                .thenApply(this::arrived)
                .exceptionallyAsync(failure -> lacks(batch, bare(failure)), blocking);
    }

    /** Advances a sink that joins later to where it was told to start, and then goes on. */
    private CompletableFuture<Long> fromItsStart(
            SinkBatch<SinkRecord> batch, SinkBatch<SinkRecord> wanted, Throwable failure) {
        if (startAt == null || !(failure instanceof TargetBehindException behind) || behind.nextOffset() > 0) {
            return CompletableFuture.failedFuture(failure);
        }
        long start = FanoutSinkProperties.CURRENT.equals(startAt) ? batch.first() : Long.parseLong(startAt);
        return start == 0
                ? CompletableFuture.failedFuture(failure)
                : writer.begin(
                                sink,
                                partition,
                                new SinkBatch<SinkRecord>(0, start, List.of())
                                        .in(batch.traceparent(), batch.tracestate()))
                        .thenCompose(started -> writer.begin(sink, partition, wanted));
    }

    private Child arrived(long nextOffset) {
        return new Child(sink, partition, nextOffset, null);
    }

    private Child lacks(SinkBatch<SinkRecord> batch, Throwable failure) {
        if (failure instanceof TargetBehindException behind) {
            return new Child(
                    sink,
                    partition,
                    behind.nextOffset(),
                    new SinkException(Disposition.BROKEN, behind(behind.nextOffset(), batch), null));
        }
        if (failure instanceof SinkException said) {
            return new Child(sink, partition, nextOffset(), said);
        }
        throw failure instanceof RuntimeException unexpected ? unexpected : new IllegalStateException(failure);
    }

    private @Nullable Long nextOffset() {
        try {
            return writer.nextOffset(sink, partition);
        } catch (SinkException e) {
            return null;
        }
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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
        List<SinkRecord> items = batch.items().stream()
                .filter(record -> record.offset() >= first)
                .toList();
        return new SinkBatch<>(first, batch.end(), items).in(batch.traceparent(), batch.tracestate());
    }

    private String behind(long nextOffset, SinkBatch<SinkRecord> batch) {
        return "it stands at " + nextOffset + ", but the batch begins at " + batch.first()
                + ": what lies between has been acknowledged without it. Write the offsets from " + nextOffset + " to "
                + batch.first() + " to " + sink + "/" + partition
                + " itself, or advance it there; a sink that joins a fan-out later starts where start-at." + sink
                + " says";
    }
}
