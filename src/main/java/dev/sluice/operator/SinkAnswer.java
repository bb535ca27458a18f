package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.control.ControlAnswer;
import dev.sluice.delivery.Buffers.Undelivered;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sink and its definition.
 *
 * @param partitions null for a sink with workers
 * @param order {@code offset} or {@code any}, null for a sink with workers
 * @param targets the sinks that it is made of
 * @param source where it is defined; what stands in the configuration is read-only
 * @param settings without secrets
 * @param status what its target says of itself, and how it has fared in this process
 * @param control what is paused of it and of its partitions
 * @param effectiveOn how many of the living replicas know what is paused
 * @param totals how many partitions are in which state; where one sink is asked for
 * @param problem why it cannot be used
 * @param samples on a dry run, what would become of the records that were sent with the definition
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SinkAnswer(
        String id,
        String type,
        @Nullable List<String> partitions,
        @Nullable Integer workers,
        @Nullable String order,
        @Nullable Integer maxRanges,
        @Nullable String guarantee,
        @Nullable List<String> targets,
        String source,
        @Nullable Map<String, Object> settings,
        @Nullable Map<String, Object> status,
        @Nullable List<ControlAnswer> control,
        @Nullable String effectiveOn,
        @Nullable Map<String, Long> totals,
        @Nullable Long revision,
        @Nullable Instant updatedAt,
        @Nullable Undelivered undelivered,
        @Nullable String problem,
        @Nullable Boolean dryRun,
        @Nullable List<SampleAnswer> samples) {

    static SinkAnswer of(SinkDefinition sink, Map<String, Object> status, boolean dryRun) {
        boolean stored = sink.source() == SinkDefinition.Source.DATABASE;
        return new SinkAnswer(
                sink.id(),
                sink.type(),
                sink.stateless() ? null : sink.partitions(),
                sink.stateless() ? sink.partitions().size() : null,
                sink.stateless() ? null : sink.anyOrder() ? "any" : "offset",
                sink.anyOrder() ? sink.maxRanges() : null,
                sink.guarantee().text(),
                sink.targets().isEmpty() ? null : sink.targets(),
                sink.source().name().toLowerCase(Locale.ROOT),
                sink.settings(),
                status,
                null,
                null,
                null,
                stored && !dryRun ? sink.revision() : null,
                stored && !dryRun ? sink.updatedAt() : null,
                null,
                null,
                dryRun ? true : null,
                null);
    }

    static SinkAnswer of(UnusableSink sink) {
        return new SinkAnswer(
                sink.id(),
                sink.type(),
                null,
                null,
                null,
                null,
                null,
                null,
                "database",
                null,
                null,
                null,
                null,
                null,
                sink.revision(),
                sink.updatedAt(),
                null,
                sink.reason(),
                null,
                null);
    }

    SinkAnswer with(Map<String, Long> counted) {
        return copy(control, effectiveOn, counted, undelivered, samples);
    }

    SinkAnswer with(List<SampleAnswer> tried) {
        return copy(control, effectiveOn, totals, undelivered, tried);
    }

    /** Adds what is paused. */
    SinkAnswer with(@Nullable List<ControlAnswer> paused, @Nullable String seenBy) {
        return copy(paused, seenBy, totals, undelivered, samples);
    }

    /** Adds what it has accepted and not delivered yet. */
    SinkAnswer with(@Nullable Undelivered waiting) {
        return copy(control, effectiveOn, totals, waiting, samples);
    }

    private SinkAnswer copy(
            @Nullable List<ControlAnswer> paused,
            @Nullable String seenBy,
            @Nullable Map<String, Long> counted,
            @Nullable Undelivered waiting,
            @Nullable List<SampleAnswer> tried) {
        return new SinkAnswer(
                id,
                type,
                partitions,
                workers,
                order,
                maxRanges,
                guarantee,
                targets,
                source,
                settings,
                status,
                paused,
                seenBy,
                counted,
                revision,
                updatedAt,
                waiting,
                problem,
                dryRun,
                tried);
    }
}
