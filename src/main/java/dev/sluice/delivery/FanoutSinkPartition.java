package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.OutboundPartition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.PartialFailureException.Child;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings each batch to the same partition of every target, to all at once; none waits for another. */
final class FanoutSinkPartition implements StatefulSinkPartition<SinkRecord, Void>, OutboundPartition<SinkRecord> {

    /* The one that most needs somebody to look decides what the writer is told of the whole. */
    private static final List<Disposition> BY_URGENCY = List.of(
            Disposition.REJECTED,
            Disposition.BROKEN,
            Disposition.OUTCOME_UNKNOWN,
            Disposition.UNAVAILABLE,
            Disposition.BUSY);

    private final String partition;
    private final List<FanoutChild> children;
    private final Executor executor;

    FanoutSinkPartition(String partition, List<FanoutChild> children, Executor executor) {
        this.partition = partition;
        this.children = children;
        this.executor = executor;
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (!items.isEmpty()) {
            send(new SinkBatch<>(
                    items.get(0).offset(), items.get(items.size() - 1).offset() + 1, items));
        }
    }

    @Override
    public void send(SinkBatch<SinkRecord> batch) {
        try {
            sendAsync(batch, executor).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public CompletableFuture<Void> sendAsync(SinkBatch<SinkRecord> batch, Executor blocking) {
        List<CompletableFuture<Child>> writes =
                children.stream().map(child -> child.begin(batch, blocking)).toList();
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).thenRun(() -> {
            List<Child> written = writes.stream().map(CompletableFuture::join).toList();
            List<Child> failed =
                    written.stream().filter(child -> child.failure() != null).toList();
            if (!failed.isEmpty()) {
                throw new PartialFailureException(disposition(failed), describe(failed, batch), written);
            }
        });
    }

    private static Disposition disposition(List<Child> failed) {
        return failed.stream()
                .map(child -> failureOf(child).disposition())
                .min(Comparator.comparing(BY_URGENCY::indexOf))
                .orElseThrow();
    }

    private String describe(List<Child> failed, SinkBatch<SinkRecord> batch) {
        return failed.size() + " of " + children.size() + " sinks lack [" + batch.first() + ", " + batch.end()
                + ") of partition " + partition + ": "
                + failed.stream()
                        .map(child ->
                                "'" + child.sink() + "': " + failureOf(child).getMessage())
                        .collect(Collectors.joining("; "));
    }

    private static SinkException failureOf(Child child) {
        SinkException failure = child.failure();
        if (failure == null) {
            throw new IllegalArgumentException(child.sink() + " has the batch");
        }
        return failure;
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }
}
