package dev.sluice.commit;

import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.request.Trace;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends batches while no transaction is held, each by itself, and hands them on to be recorded as they arrive.
 * Thread-safe.
 */
@Component
class Sending {

    private final Recording recording;
    private final LivePartitions partitions;
    private final LaneThreads threads;
    private final Map<String, Recorder> recorders = new ConcurrentHashMap<>();

    Sending(Recording recording, LivePartitions partitions, LaneThreads threads) {
        this.recording = recording;
        this.partitions = partitions;
        this.threads = threads;
    }

    /** Begins to send; {@code failed} is told of each that fails, and ends its share. */
    void begin(List<Consignment> consignments, BiConsumer<Share, RuntimeException> failed) {
        for (Consignment consignment : consignments) {
            consignment.share().lane().sends();
            Recorder recorder = recorders.computeIfAbsent(
                    consignment.key().sink(), sink -> new Recorder(recording, partitions, threads));
            sendAll(consignment)
                    .whenComplete((done, failure) -> recorder.add(
                            new Recorder.Sent(consignment, failure == null ? null : bare(failure), failed)));
        }
    }

    private CompletionStage<Void> sendAll(Consignment consignment) {
        try {
            consignment.live().fence(consignment.decidedAt());
            Pieces pieces = new Pieces(
                    consignment.entry().request().batch(), consignment.fresh().ranges());
            Trace trace = consignment.entry().request().trace();
            return sendNext(consignment.live(), pieces, trace == null ? null : trace.traceparent(), true);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Void> sendNext(
            LivePartition<?, ?> live, Pieces pieces, @Nullable String traceparent, boolean first) {
        SinkBatch<SinkRecord> piece = pieces.next();
        CompletionStage<Void> sent = live.send(piece, traceparent, threads);
        CompletionStage<Void> told = first
                ? sent
                : sent.exceptionally(failure -> {
                    throw afterAnother(bare(failure), piece);
                });
        return pieces.hasNext()
                ? told.thenComposeAsync(done -> sendNext(live, pieces, traceparent, false), threads)
                : told;
    }

    /* Nobody may say any more that nothing was written. */
    private static RuntimeException afterAnother(RuntimeException failure, SinkBatch<SinkRecord> piece) {
        boolean saysSo = failure instanceof SinkException said
                && (said.disposition() == Disposition.UNAVAILABLE || said.disposition() == Disposition.BUSY);
        return saysSo
                ? new SinkException(
                        Disposition.OUTCOME_UNKNOWN,
                        "the records before offset " + piece.first() + " arrived, those from there on did not: "
                                + failure.getMessage(),
                        ((SinkException) failure).retryAfter(),
                        failure)
                : failure;
    }

    private static RuntimeException bare(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            return new IllegalStateException("an unexpected " + error, error);
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
