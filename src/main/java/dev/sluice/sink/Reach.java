package dev.sluice.sink;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a sink may reach, by who has defined it. */
public enum Reach {
    /** Defined in the configuration, by whoever runs the service: anywhere. */
    ANYWHERE,
    /** Defined over HTTP where no key is wanted: anywhere, unless a setting says where. */
    AS_SET,
    /** Defined over HTTP by somebody with a key: where a setting says, or as little as without one. */
    CONFINED;

    /**
     * Returns the bounds of what a sink may reach, empty if there are none.
     *
     * @param set what the service's configuration says, null if it says nothing
     * @param otherwise what holds if it says nothing, and definitions are confined
     */
    public <T> Optional<T> bounds(@Nullable T set, T otherwise) {
        return switch (this) {
            case ANYWHERE -> Optional.empty();
            case AS_SET -> Optional.ofNullable(set);
            case CONFINED -> Optional.of(set == null ? otherwise : set);
        };
    }
}
