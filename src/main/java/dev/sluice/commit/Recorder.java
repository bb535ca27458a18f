package dev.sluice.commit;

import dev.sluice.live.LivePartitions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink has sent and nobody has recorded yet. One transaction at a time takes all of it, so that a slow send never
 * keeps the answers of others. The deque and the flag are guarded by this.
 */
final class Recorder {

    private static final Logger log = LoggerFactory.getLogger(Recorder.class);

    /* Beyond it receipts would take too much memory. */
    private static final long MOST_RECORDS = 100_000;

    /**
     * A batch that has arrived at its target, or not.
     *
     * @param failure null if it has arrived
     * @param failed is told of a failure
     */
    record Sent(
            Consignment consignment, @Nullable RuntimeException failure, BiConsumer<Share, RuntimeException> failed) {

        long records() {
            return consignment.entry().request().batch().count();
        }
    }

    private final Recording recording;
    private final LivePartitions partitions;
    private final Executor executor;
    private final Deque<Sent> waiting = new ArrayDeque<>();
    private boolean underWay;

    Recorder(Recording recording, LivePartitions partitions, Executor executor) {
        this.recording = recording;
        this.partitions = partitions;
        this.executor = executor;
    }

    /** Records a batch soon, together with others. */
    void add(Sent sent) {
        synchronized (this) {
            waiting.add(sent);
            if (underWay) {
                return;
            }
            underWay = true;
        }
        executor.execute(this::recordAll);
    }

    private void recordAll() {
        for (List<Sent> some = next(); !some.isEmpty(); some = next()) {
            try {
                record(some);
            } catch (RuntimeException | Error e) {
                log.error("{} batches that were sent could not be recorded", some.size(), e);
                some.forEach(sent -> unexpected(sent.consignment().share(), e));
            }
        }
    }

    /* Whatever it was: somebody waits for each of these batches. Those that are answered stay so. */
    private static void unexpected(Share share, Throwable e) {
        share.fail(new PartitionFailure(PartitionFailure.Kind.OUTCOME_UNKNOWN, "an unexpected " + e, e));
        share.end();
    }

    private synchronized List<Sent> next() {
        List<Sent> some = new ArrayList<>();
        long records = 0;
        while (!waiting.isEmpty()
                && (some.isEmpty() || records + waiting.element().records() <= MOST_RECORDS)) {
            records += waiting.element().records();
            some.add(waiting.remove());
        }
        underWay = !some.isEmpty();
        return some;
    }

    private void record(List<Sent> some) {
        List<Consignment> arrived = new ArrayList<>();
        List<Consignment> lost = new ArrayList<>();
        some.forEach(sent -> (sent.failure() == null ? arrived : lost).add(sent.consignment()));
        List<Recording.Result> results = recording.record(arrived, lost);
        lost.forEach(consignment -> partitions.discard(consignment.key()));
        results.forEach(this::tell);
        some.stream().filter(sent -> sent.failure() != null).forEach(sent -> {
            sent.consignment().share().lane().sent();
            sent.failed().accept(sent.consignment().share(), sent.failure());
        });
    }

    private void tell(Recording.Result result) {
        Share share = result.consignment().share();
        share.lane().sent();
        Recording.Recorded recorded = result.recorded();
        if (recorded != null) {
            result.consignment().live().movedTo(recorded.next());
            share.answer(List.of(recorded.outcome()));
        } else {
            partitions.discard(share.key());
            share.fail(result.orFailure());
        }
        share.end();
    }
}
