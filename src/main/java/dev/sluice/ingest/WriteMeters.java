package dev.sluice.ingest;

import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.history.Tallies;
import dev.sluice.meter.Meters;
import dev.sluice.meter.PerSink;
import dev.sluice.meter.SinkTags;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Counts what writers send and what they are told: batches and keyed records alike. Thread-safe. */
@Component
class WriteMeters {

    /** Set on requests that write and take the framework's way. */
    static final String WRITES = WriteMeters.class.getName() + ".writes";

    static final String DRY_RUN = "dry-run";
    private static final String COMMITTED = "committed";
    private static final String UNANSWERED = "unanswered";

    /* Told of names that nobody may have defined. */
    private static final Set<Integer> NOT_ABOUT_A_SINK = Set.of(
            HttpServletResponse.SC_UNAUTHORIZED, HttpServletResponse.SC_FORBIDDEN, HttpServletResponse.SC_NOT_FOUND);

    private static final Duration[] BUCKETS = LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PerSink<OfSink> sinks;
    private final Tallies tallies;

    WriteMeters(Meters meters, Tallies tallies) {
        this.tallies = tallies;
        this.sinks = meters.perSink(tag -> new OfSink(meters.registry(), tag));
    }

    static String name(Status status) {
        return switch (status) {
            case COMMITTED -> COMMITTED;
            case TRIMMED -> "trimmed";
            case DUPLICATE -> "duplicate";
        };
    }

    /** Makes the meters of a sink before anything is counted: what begins at 1 has no rate. */
    void prepare(String sink) {
        sinks.of(sink);
    }

    /** A request is answered. */
    void answered(String sink, int status, @Nullable String outcome, long startedAt) {
        long nanos = System.nanoTime() - startedAt;
        // Names that nobody has defined must not become meters.
        sinks.of(status == HttpServletResponse.SC_NOT_FOUND ? SinkTags.NONE : sink)
                .answered(status, outcome == null ? UNANSWERED : outcome, nanos);
        if (COMMITTED.equals(outcome) && status == HttpServletResponse.SC_OK) {
            tallies.of(sink).committed(nanos);
        } else if (status >= HttpServletResponse.SC_BAD_REQUEST && !NOT_ABOUT_A_SINK.contains(status)) {
            tallies.of(sink).refused();
        }
    }

    /** A batch was decided, and not for trial. */
    void decided(String sink, WriteOutcome outcome) {
        OfSink meters = sinks.of(sink);
        if (outcome instanceof Written written) {
            meters.written.increment((double) written.written());
            tallies.of(sink).written(written.written());
            if (written.deadLettered() > 0) {
                meters.deadLettered.increment((double) written.deadLettered());
            }
            if (written.duplicates() > 0) {
                meters.duplicate.increment((double) written.duplicates());
            }
        } else if (outcome instanceof Rejected rejected) {
            meters.rejected(rejected.records().size());
        }
    }

    /** A batch has failed, and not for trial: sinks that a fan-out is made of may have refused records of it. */
    void failed(String sink, PartitionFailure failure) {
        if (failure.target() instanceof PartialFailureException partial) {
            List<SinkException> refusals = partial.children().stream()
                    .flatMap(child -> Stream.ofNullable(child.failure()))
                    .filter(said -> said.disposition() == Disposition.REJECTED)
                    .toList();
            if (!refusals.isEmpty()) {
                sinks.of(sink)
                        .rejected(refusals.stream()
                                .flatMap(said -> said.rejected().stream())
                                .map(RejectedRecord::offset)
                                .distinct()
                                .count());
            }
        }
    }

    /** A writer has opened a partition. */
    void opened(String sink) {
        sinks.of(sink).opened.increment();
    }

    private static final class OfSink {

        private final MeterRegistry registry;
        private final String tag;
        private final Timer committed;
        private final Map<String, Timer> others = new ConcurrentHashMap<>();
        private final Counter written;
        private final Counter duplicate;
        private final Counter deadLettered;
        private final Counter rejected;
        private final Counter opened;
        private final Map<String, Counter> fencing;

        OfSink(MeterRegistry registry, String tag) {
            this.registry = registry;
            this.tag = tag;
            this.committed = timer(HttpServletResponse.SC_OK, COMMITTED);
            this.written = records("written");
            this.duplicate = records("duplicate");
            this.deadLettered = records("dead-lettered");
            this.rejected = records("rejected");
            this.opened = fencing("opened");
            this.fencing = Map.of(
                    ProblemType.FENCED.slug(), fencing("fenced"),
                    ProblemType.UNKNOWN_FENCING_TOKEN.slug(), fencing("unknown"));
            registry.counter("sluice.problems", SinkTags.SINK, tag, "type", ProblemType.OFFSET_CONFLICT.slug());
        }

        private Timer timer(int status, String outcome) {
            return Timer.builder("sluice.batches")
                    .description("Requests with batches or keyed records, from the head to the answer")
                    .tags(SinkTags.SINK, tag, "status", Integer.toString(status), "outcome", outcome)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }

        private Counter records(String outcome) {
            return Counter.builder("sluice.records")
                    .description("Records of batches that were answered, by what became of them")
                    .tags(SinkTags.SINK, tag, "outcome", outcome)
                    .register(registry);
        }

        private Counter fencing(String event) {
            return Counter.builder("sluice.fencing")
                    .description("Partitions that were opened, and batches with the token of another writer")
                    .tags(SinkTags.SINK, tag, "event", event)
                    .register(registry);
        }

        /* Where the target does not say which it means, it is one at least. */
        void rejected(long named) {
            rejected.increment((double) Math.max(1, named));
        }

        void answered(int status, String outcome, long nanos) {
            Timer timer = status == HttpServletResponse.SC_OK && outcome.equals(COMMITTED)
                    ? committed
                    : others.computeIfAbsent(status + " " + outcome, key -> timer(status, outcome));
            timer.record(nanos, TimeUnit.NANOSECONDS);
            Counter event = fencing.get(outcome);
            if (event != null) {
                event.increment();
            }
        }
    }
}
