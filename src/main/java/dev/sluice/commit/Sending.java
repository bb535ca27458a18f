package dev.sluice.commit;

import dev.sluice.deadletter.DeadLetterStore;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.request.Trace;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sends batches while no transaction is held, each by itself, and hands them on to be recorded as they arrive.
 * Thread-safe.
 */
@Component
class Sending {

    /**
     * Where the pieces of a batch go.
     *
     * @param trace that it belongs to, null for none
     */
    private record Way(LivePartition<?, ?> live, @Nullable Trace trace) {

        CompletionStage<Void> send(SinkBatch<SinkRecord> piece, Executor blocking) {
            return live.send(trace == null ? piece : piece.in(trace.traceparent(), trace.tracestate()), blocking);
        }
    }

    private static final CompletionStage<Void> NOTHING = CompletableFuture.completedStage(null);

    private final Recording recording;
    private final LivePartitions partitions;
    private final DeadLetterStore deadLetters;
    private final LaneThreads threads;
    private final Map<String, Recorder> recorders = new ConcurrentHashMap<>();

    Sending(Recording recording, LivePartitions partitions, DeadLetterStore deadLetters, LaneThreads threads) {
        this.deadLetters = deadLetters;
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
                    .thenCompose(done -> requireFew(consignment))
                    .whenComplete((done, failure) -> recorder.add(
                            new Recorder.Sent(consignment, failure == null ? null : bare(failure), failed)));
        }
    }

    /* A record that is left out was refused when it came alone, so nothing is sent: too many are told before it settles. */
    private CompletionStage<Void> requireFew(Consignment consignment) {
        Aside aside = consignment.entry().aside();
        return aside.isEmpty() ? NOTHING : CompletableFuture.runAsync(() -> requireFew(consignment, aside), threads);
    }

    private void requireFew(Consignment consignment, Aside aside) {
        List<OffsetRange> ranges = consignment.fresh().ranges();
        NewRecords records = new NewRecords(consignment.entry().request().batch(), ranges);
        long count = records.each(reader -> {});
        Snapshot after = consignment
                .decidedAt()
                .advanced(consignment.entry().request().batch().end(), null, 1, count);
        new NewBatch(consignment.entry(), records, count, aside.within(ranges))
                .letters(consignment.key().partition(), after, 0)
                .ifPresent(letters -> deadLetters.require(consignment.key().sink(), aside.policy(), List.of(letters)));
    }

    private CompletionStage<Void> sendAll(Consignment consignment) {
        try {
            consignment.live().fence(consignment.decidedAt());
            Aside aside = consignment.entry().aside();
            Pieces pieces = new Pieces(
                    consignment.entry().request().batch(),
                    aside.leftOf(consignment.fresh().ranges()));
            Way way = new Way(consignment.live(), consignment.entry().request().trace());
            return pieces.hasNext() ? sendNext(way, pieces, true) : NOTHING;
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Void> sendNext(Way way, Pieces pieces, boolean first) {
        SinkBatch<SinkRecord> piece = pieces.next();
        CompletionStage<Void> sent = way.send(piece, threads);
        CompletionStage<Void> told = first
                ? sent
                : sent.exceptionally(failure -> {
                    throw afterAnother(bare(failure), piece);
                });
        return pieces.hasNext() ? told.thenComposeAsync(done -> sendNext(way, pieces, false), threads) : told;
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
