package dev.sluice.delivery;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkType;
import java.util.List;

/**
 * A kind of sink that is made of other sinks. Its partitions are theirs, so definitions do not name any.
 *
 * @param <P> the settings of a definition, as for {@link SinkType}
 */
public interface CompositeSinkType<P> {

    /** Returns the name that definitions use. */
    String name();

    /** Returns the class that the definition's settings are bound to. */
    Class<P> settingsType();

    /** Returns the ids of the sinks that it is made of. */
    List<String> targets(P settings);

    /** Returns what it guarantees, given what its targets do. */
    Guarantee guarantee(P settings, List<Target> targets);

    /**
     * Creates the sink; its partitions are what {@link FixedPartitionedSink#listParts} answers. Throws
     * {@link IllegalArgumentException} if the definition makes no sense.
     *
     * @param targets in the order of {@link #targets(Object)}
     */
    FixedPartitionedSink<?, ?> create(String id, P settings, List<Target> targets);
}
