package dev.sluice.sink;

import java.util.List;
import java.util.Optional;

/**
 * A kind of sink that definitions can name as their {@code type}. A custom one is a single Spring bean of this type.
 *
 * @param <P> the settings of a definition: a record whose components are the keys below {@code sluice.sinks.<id>},
 *     bound like {@code @ConfigurationProperties} (with {@code @DefaultValue}, {@code Duration}, {@code DataSize}).
 *     Its constructor throws {@link IllegalArgumentException} with a sentence that names the key for an impossible
 *     value. The common keys ({@code type}, {@code partitions}, {@code workers}, {@code order}, {@code max-ranges},
 *     {@code guarantee}, {@code on-rejected}, {@code dead-letters}) do not belong to it. Mark what must not be shown as {@link Secret}.
 */
public interface SinkType<P> {

    /** Returns the name that definitions use: lower case, short. */
    String name();

    /** Returns the class that the definition's settings are bound to. */
    Class<P> settingsType();

    /**
     * Returns what a sink of this type guarantees with these settings. Definitions that claim more are refused, so do
     * not promise more than the target keeps.
     */
    Guarantee guarantee(P settings);

    /**
     * Whether sinks with these settings can take records in any order of offsets: then definitions may say
     * {@code order: any}.
     */
    default boolean takesAnyOrder(P settings) {
        return false;
    }

    /**
     * Returns why records that a sink with these settings refuses cannot be settled as dead letters, empty if they can:
     * then definitions may say {@code on-rejected: dead-letter}. They can where a refusal names the records, or the
     * partitions are {@link RecordProbe}s, and nothing of a refused batch has reached the target.
     */
    default Optional<String> keepsFromDeadLetters(P settings) {
        return Optional.of("sinks of type '" + name() + "' refuse no records; remove it");
    }

    /**
     * Creates a sink with partitions; touches nothing outside yet (that is {@link Sink#prepare}). Throws
     * {@link IllegalArgumentException} if the definition makes no sense.
     *
     * @param id the sink's id
     * @param partitions the definition's partitions, in their order
     */
    FixedPartitionedSink<?, ?> create(String id, List<String> partitions, P settings);

    /**
     * Creates a sink that may not reach beyond what {@code reach} tells: for types that write to places which a definition
     * names. Throws {@link IllegalArgumentException} where the settings lead beyond it, and keeps an eye on it later.
     */
    default FixedPartitionedSink<?, ?> create(String id, List<String> partitions, P settings, Reach reach) {
        return create(id, partitions, settings);
    }

    /**
     * Creates a sink with workers in place of partitions, for a definition with {@code workers: n}; otherwise as
     * {@link #create}. Its guarantee is {@link Guarantee#AT_LEAST_ONCE}, whatever {@link #guarantee} says.
     */
    default DynamicSink<?> createDynamic(String id, P settings) {
        throw new IllegalArgumentException(
                "workers: sinks of type '" + name() + "' have partitions, like partitions: [\"0\", \"1\"]");
    }

    /** Creates a sink with workers that may not reach beyond what {@code reach} tells. */
    default DynamicSink<?> createDynamic(String id, P settings, Reach reach) {
        return createDynamic(id, settings);
    }

    /**
     * Returns where a sink with these settings would write to: for types whose definitions name a place that those of
     * other sinks could name as well. Whoever defines one with a key needs the grant of {@code define} for all sinks that
     * share the place. Changes nothing. Throws {@link IllegalArgumentException} if the settings make no sense.
     */
    default Optional<Place<P>> place(String id, P settings) {
        return Optional.empty();
    }
}
