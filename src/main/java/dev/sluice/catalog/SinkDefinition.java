package dev.sluice.catalog;

import dev.sluice.deadletter.DeadLetterPolicy;
import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Sink;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A sink as it is configured, and what was made of it. Immutable; another definition makes another sink. */
public final class SinkDefinition {

    /** Where a definition comes from. */
    public enum Source {
        /** The service's configuration: read-only. */
        CONFIGURATION,
        /** Put over HTTP. */
        DATABASE
    }

    /**
     * What every definition says, whatever its type.
     *
     * @param partitions names, or the indices of workers
     * @param maxRanges the ranges of settled offsets that a partition keeps at most; 0 where offsets come in order
     * @param deadLetters within which bounds refused records are settled; null where they stop a batch
     * @param settles whether a record that its target refuses can be settled as a dead letter at all
     * @param targets the sinks that it is made of
     * @param settings as they were given, without secrets
     * @param revision rises with every change of any stored definition; 0 in the configuration
     * @param updatedAt when it was stored, null in the configuration
     */
    record Common(
            String id,
            String type,
            List<String> partitions,
            Guarantee guarantee,
            int maxRanges,
            @Nullable DeadLetterPolicy deadLetters,
            boolean settles,
            List<String> targets,
            Source source,
            Map<String, Object> settings,
            long revision,
            @Nullable Instant updatedAt) {}

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");

    private final Common common;
    private final Set<String> partitionSet;
    private final Sink sink;

    SinkDefinition(Common common, Sink sink) {
        this.common = common;
        this.partitionSet = Set.copyOf(common.partitions());
        this.sink = sink;
    }

    /** Throws {@link InvalidDefinitionException} for what can be no sink's id. */
    public static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new InvalidDefinitionException(
                    "", "a sink's id is 1 to 63 letters, digits, '_' and '-', and begins with a letter or digit");
        }
    }

    /** Returns the sink's name. */
    public String id() {
        return common.id();
    }

    /** Returns the name of its type. */
    public String type() {
        return common.type();
    }

    /** Returns its partitions in the order of the definition, or the indices of its workers. */
    public List<String> partitions() {
        return common.partitions();
    }

    /** Whether one of its partitions has that name. */
    public boolean hasPartition(String partition) {
        return partitionSet.contains(partition);
    }

    /** Returns what it promises: computed from type and settings, never taken on the definition's word. */
    public Guarantee guarantee() {
        return common.guarantee();
    }

    /** Whether offsets may come in any order. */
    public boolean anyOrder() {
        return common.maxRanges() > 0;
    }

    /** Returns how many ranges of settled offsets a partition keeps at most, where they may come in any order. */
    public int maxRanges() {
        return common.maxRanges();
    }

    /** Returns within which bounds refused records are settled as dead letters; null where they stop a batch. */
    public @Nullable DeadLetterPolicy deadLetters() {
        return common.deadLetters();
    }

    /** Whether a record that its target refuses can be settled as a dead letter at all. */
    public boolean settles() {
        return common.settles();
    }

    /** Returns the ids of the sinks that it is made of. */
    public List<String> targets() {
        return common.targets();
    }

    /** Returns where it is defined. */
    public Source source() {
        return common.source();
    }

    /** Returns its settings as they were given, without secrets. */
    public Map<String, Object> settings() {
        return common.settings();
    }

    /** Returns the number of its last change among all stored definitions, 0 if it stands in the configuration. */
    public long revision() {
        return common.revision();
    }

    /** Returns when it was stored, null if it stands in the configuration. */
    public @Nullable Instant updatedAt() {
        return common.updatedAt();
    }

    /** Returns the index into {@link #partitions} of the one that takes records with that key; not for workers. */
    public int partitionOf(String key) {
        return (int) (Integer.toUnsignedLong(partitioned().partFn(key))
                % partitions().size());
    }

    /** Returns the sink itself. */
    public Sink sink() {
        return sink;
    }

    /** Whether it has workers in place of partitions, and so no positions. */
    public boolean stateless() {
        return sink instanceof DynamicSink<?>;
    }

    /** Returns the sink of a definition that is not {@link #stateless}. */
    public FixedPartitionedSink<?, ?> partitioned() {
        return (FixedPartitionedSink<?, ?>) sink;
    }

    /** Returns the sink of a definition that is {@link #stateless}. */
    public DynamicSink<?> workers() {
        return (DynamicSink<?>) sink;
    }
}
