package dev.sluice.commit;

import dev.sluice.commit.Committer.NothingToCommit;
import dev.sluice.meter.Meters;
import dev.sluice.meter.PerSink;
import dev.sluice.meter.SinkTags;
import dev.sluice.request.Timeline;
import dev.sluice.request.Trace;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.HeuristicCompletionException;

/** Counts how long batches wait for their turn, how many go together, and what their transactions take. Thread-safe. */
@Component
class CommitMeters {

    /** How batches go together. */
    enum Kind {
        /** Those of several partitions. */
        JOINT("joint"),
        /** Those of one partition. */
        SINGLE("single"),
        /** Those that were sent to targets outside the database. */
        SENT("sent"),
        /** Keyed records for several partitions. */
        KEYED("keyed");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    private static final Duration[] BUCKETS = LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final PerSink<Timer> waits;
    private final Map<Kind, DistributionSummary> batches = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, Timer>> commits = new EnumMap<>(Kind.class);

    CommitMeters(Meters meters) {
        this.registry = meters.registry();
        this.waits = meters.perSink(sink -> Timer.builder("sluice.lanes.wait")
                .description("For how long batches waited for their turn")
                .tag(SinkTags.SINK, sink)
                .register(registry));
        for (Kind kind : Kind.values()) {
            batches.put(
                    kind,
                    DistributionSummary.builder("sluice.commit.batches")
                            .description("Batches that were committed together")
                            .tag("kind", kind.label)
                            .register(registry));
            commits.put(kind, new ConcurrentHashMap<>());
            commit(kind, "committed");
        }
    }

    /** Batches have their turn. */
    void begin(Kind kind, List<Share> shares) {
        if (shares.isEmpty()) {
            return;
        }
        Timer waited = waits.of(shares.get(0).key().sink());
        long now = System.nanoTime();
        int count = 0;
        for (Share share : shares) {
            for (BatchEntry batch : share.batches()) {
                if (batch.begins(now)) {
                    Trace trace = batch.request().trace();
                    Timeline timeline = trace == null ? null : trace.timeline();
                    if (timeline != null) {
                        timeline.turn(now);
                    }
                    waited.record(batch.waitedNanos(), TimeUnit.NANOSECONDS);
                }
            }
            count += share.batches().size();
        }
        together(kind, count);
    }

    /** So many batches are in one transaction. */
    void together(Kind kind, int count) {
        Objects.requireNonNull(batches.get(kind)).record(count);
    }

    /** Runs a transaction that commits batches. */
    <T> T timed(Kind kind, Supplier<T> transaction) {
        long begunAt = System.nanoTime();
        String result = "failed";
        try {
            T done = transaction.get();
            result = "committed";
            return done;
        } catch (NothingToCommit e) {
            result = "nothing";
            throw e;
        } catch (HeuristicCompletionException e) {
            result = "unknown";
            throw e;
        } finally {
            commit(kind, result).record(System.nanoTime() - begunAt, TimeUnit.NANOSECONDS);
        }
    }

    private Timer commit(Kind kind, String result) {
        return Objects.requireNonNull(commits.get(kind))
                .computeIfAbsent(
                        result,
                        wanted -> Timer.builder("sluice.commit")
                                .description("Transactions with batches, until the end of COMMIT")
                                .tags("kind", kind.label, "result", wanted)
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry));
    }
}
