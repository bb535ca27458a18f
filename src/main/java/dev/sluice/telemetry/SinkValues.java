package dev.sluice.telemetry;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.Lanes.Load;
import dev.sluice.control.Pauses;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.outcome.Outcomes;
import dev.sluice.outcome.Outcomes.Activity;
import dev.sluice.outcome.SinkOutcome;
import dev.sluice.sink.LocalTarget;
import dev.sluice.telemetry.Numbers.Buffered;
import dev.sluice.telemetry.Numbers.DeadLetters;
import dev.sluice.telemetry.Numbers.Used;
import dev.sluice.telemetry.TaggedGauges.Shown;
import dev.sluice.telemetry.TaggedGauges.Together;
import io.micrometer.core.instrument.Tags;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** What is shown of a sink, and where its values come from. */
@Component
class SinkValues {

    private static final String BYTES = "bytes";
    private static final String SECONDS = "seconds";
    private static final String BREAKER = "circuitBreaker";

    private record Loads(Map<String, Load> bySink, long at) {}

    private static final long LOADS_FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Lanes lanes;
    private final Outcomes outcomes;
    private final SharedNumbers numbers;
    private final Growth growth;
    private final Pauses pauses;
    private volatile Loads loads = new Loads(Map.of(), System.nanoTime() - LOADS_FRESH_NANOS);

    SinkValues(Lanes lanes, Outcomes outcomes, SharedNumbers numbers, Growth growth, Pauses pauses) {
        this.pauses = pauses;
        this.lanes = lanes;
        this.outcomes = outcomes;
        this.numbers = numbers;
        this.growth = growth;
    }

    void register(TaggedGauges gauges) {
        lanes(gauges);
        partitions(gauges);
        failing(gauges, Activity.WRITE, "write", SinkValues::any);
        failing(gauges, Activity.DELIVERY, "delivery", SinkValues::isBuffer);
        buffers(gauges);
        deadLetters(gauges);
        targets(gauges);
    }

    private void lanes(TaggedGauges gauges) {
        gauges.add(
                new Shown("sluice.lanes.waiting", "Batches and tasks that wait for their turn", "", SinkValues::any),
                Together.SUM,
                sink -> load(sink).waiting());
        gauges.add(
                new Shown(
                        "sluice.lanes.waiting.bytes",
                        "Bytes of batches that wait for their turn",
                        BYTES,
                        SinkValues::any),
                Together.SUM,
                sink -> load(sink).bytes());
        gauges.add(
                new Shown("sluice.lanes.parked", "Batches that wait for their predecessor", "", SinkValues::any),
                Together.SUM,
                sink -> load(sink).parked());
    }

    /* All lanes are looked at once for all gauges of a scrape. */
    private Load load(SinkDefinition sink) {
        Loads known = loads;
        if (System.nanoTime() - known.at() >= LOADS_FRESH_NANOS) {
            known = new Loads(lanes.load(), System.nanoTime());
            loads = known;
        }
        return known.bySink().getOrDefault(sink.id(), Load.NONE);
    }

    private void partitions(TaggedGauges gauges) {
        String name = "sluice.partitions";
        String description = "Partitions: all, written to within ten minutes, opened by a writer, failing, paused";
        gauges.add(
                new Shown(name, description, "", SinkValues::any, Tags.of("state", "all")),
                Together.SUM,
                sink -> sink.partitions().size());
        gauges.add(
                new Shown(name, description, "", SinkValues::isPartitioned, Tags.of("state", "active")),
                Together.SUM,
                sink -> used(sink, Used::active));
        gauges.add(
                new Shown(name, description, "", SinkValues::isPartitioned, Tags.of("state", "opened")),
                Together.SUM,
                sink -> used(sink, Used::opened));
        gauges.add(
                new Shown(name, description, "", SinkValues::any, Tags.of("state", "failing")),
                Together.SUM,
                sink -> outcomes.failingPartitions(sink.id()).size());
        gauges.add(
                new Shown(name, description, "", SinkValues::any, Tags.of("state", "paused")),
                Together.SUM,
                sink -> pauses.partitions(sink.id(), sink.partitions()).size());
    }

    private void deadLetters(TaggedGauges gauges) {
        gauges.add(
                new Shown(
                        "sluice.dead.letters",
                        "Dead letters about which somebody has to decide",
                        "",
                        SinkDefinition::settles),
                Together.SUM,
                sink -> deadLetters(sink, DeadLetters::open));
        gauges.add(
                new Shown(
                        "sluice.dead.letters.oldest",
                        "For how long the oldest of them has been one",
                        SECONDS,
                        SinkDefinition::settles),
                Together.LARGEST,
                sink -> deadLetters(sink, DeadLetters::oldestSeconds));
    }

    private double deadLetters(SinkDefinition sink, ToDoubleFunction<DeadLetters> part) {
        return numbers.now()
                .map(known -> known.deadLetters().getOrDefault(sink.id(), DeadLetters.NONE))
                .map(part::applyAsDouble)
                .orElse(Double.NaN);
    }

    private double used(SinkDefinition sink, ToDoubleFunction<Used> part) {
        return numbers.now()
                .map(known -> known.partitions().getOrDefault(sink.id(), Used.NONE))
                .map(part::applyAsDouble)
                .orElse(Double.NaN);
    }

    private void failing(TaggedGauges gauges, Activity activity, String label, Predicate<SinkDefinition> of) {
        gauges.add(
                new Shown(
                        "sluice.sink.failing",
                        "1 while a sink has had nothing but failures for longer than sluice.health.failing-after",
                        "",
                        of,
                        Tags.of("activity", label)),
                Together.SUM,
                sink -> outcomes.of(activity, sink.id()).lasting() ? 1 : 0);
        gauges.add(
                new Shown(
                        "sluice.sink.failing.time",
                        "For how long a sink has had nothing but failures, 0 if its last try succeeded",
                        SECONDS,
                        of,
                        Tags.of("activity", label)),
                Together.LARGEST,
                sink -> failingSeconds(outcomes.of(activity, sink.id())));
        gauges.add(
                new Shown(
                        "sluice.sink.failing.partitions",
                        "Partitions that have been failing for longer than sluice.health.failing-after",
                        "",
                        of,
                        Tags.of("activity", label)),
                Together.SUM,
                sink -> outcomes.of(activity, sink.id()).failingPartitionCount());
    }

    private static double failingSeconds(SinkOutcome outcome) {
        Instant since = outcome.failingSince();
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1e3);
    }

    private void buffers(TaggedGauges gauges) {
        gauges.add(
                new Shown(
                        "sluice.buffer.records",
                        "Records that are accepted and not delivered yet",
                        "",
                        SinkValues::isBuffer),
                Together.SUM,
                sink -> buffered(sink, Buffered::records));
        gauges.add(
                new Shown("sluice.buffer.bytes", "Their bytes", BYTES, SinkValues::isBuffer),
                Together.SUM,
                sink -> buffered(sink, Buffered::bytes));
        gauges.add(
                new Shown(
                        "sluice.buffer.oldest",
                        "For how long the oldest of them has waited",
                        SECONDS,
                        SinkValues::isBuffer),
                Together.LARGEST,
                sink -> buffered(sink, Buffered::oldestSeconds));
        gauges.add(
                new Shown(
                        "sluice.buffer.fullest",
                        "Records that wait in the partition where most do",
                        "",
                        SinkValues::isBuffer),
                Together.LARGEST,
                sink -> buffered(sink, Buffered::fullest));
        gauges.add(
                new Shown(
                        "sluice.buffer.interval",
                        "How long a record waits for others at most",
                        SECONDS,
                        SinkValues::isBuffer),
                Together.LARGEST,
                sink -> ((AcceptingSink) sink.sink()).flushInterval().toMillis() / 1e3);
        gauges.add(
                new Shown(
                        "sluice.buffer.limit",
                        "Records that may wait in a partition at most",
                        "",
                        SinkValues::isBuffer),
                Together.SMALLEST,
                sink -> ((AcceptingSink) sink.sink()).maxBacklog());
    }

    private double buffered(SinkDefinition sink, ToDoubleFunction<Buffered> part) {
        return numbers.now()
                .map(known -> known.buffers().getOrDefault(sink.id(), Buffered.NOTHING))
                .map(part::applyAsDouble)
                .orElse(Double.NaN);
    }

    private void targets(TaggedGauges gauges) {
        for (String state : List.of("closed", "half-open", "open")) {
            gauges.add(
                    new Shown(
                            "sluice.http.breaker",
                            "1 for the state of the circuit breaker",
                            "",
                            SinkValues::hasBreaker,
                            Tags.of("state", state)),
                    Together.SUM,
                    sink -> state.equals(sink.sink().status().get(BREAKER)) ? 1 : 0);
        }
        gauges.add(
                new Shown(
                        "sluice.target.size",
                        "The table that the sink writes to, with its indexes",
                        BYTES,
                        SinkValues::isTable),
                Together.SUM,
                sink -> growth.sizes().target(sink.id()));
        gauges.add(
                new Shown(
                        "sluice.disk.free",
                        "Bytes that can still be written to the disk of a directory",
                        BYTES,
                        SinkValues::hasDirectory,
                        Tags.of("what", "sink")),
                Together.SMALLEST,
                sink -> free((LocalTarget) sink.sink()));
    }

    /* One that is gone has no room, but is not full: the readiness tells of it. */
    private static double free(LocalTarget target) {
        return target.directory()
                .map(Path::toFile)
                .filter(File::isDirectory)
                .map(File::getUsableSpace)
                .map(Long::doubleValue)
                .orElse(Double.NaN);
    }

    private static boolean any(SinkDefinition sink) {
        return true;
    }

    private static boolean isPartitioned(SinkDefinition sink) {
        return !sink.stateless();
    }

    private static boolean isBuffer(SinkDefinition sink) {
        return sink.sink() instanceof AcceptingSink;
    }

    private static boolean hasBreaker(SinkDefinition sink) {
        return sink.sink().status().containsKey(BREAKER);
    }

    private static boolean isTable(SinkDefinition sink) {
        return sink.type().equals("table");
    }

    private static boolean hasDirectory(SinkDefinition sink) {
        return sink.sink() instanceof LocalTarget target && target.directory().isPresent();
    }
}
