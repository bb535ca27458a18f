package dev.sluice.catalog;

import dev.sluice.sink.Place;
import dev.sluice.sink.SinkType;
import java.util.Collection;
import java.util.Optional;

/**
 * What a definition writes to, as its type understands it.
 *
 * @param id the sink's
 */
record Holding<P>(SinkType<P> type, String id, P settings) {

    /**
     * A place that another sink has as well.
     *
     * @param setting of the one that was asked
     * @param other the id of the other one
     */
    record Shared(String setting, String other) {}

    /** Returns the first of the others that writes to the same place; empty if there is none. */
    Optional<Shared> sharedWith(Collection<Holding<?>> others) {
        try {
            return type.place(id, settings)
                    .flatMap(place -> others.stream()
                            .filter(other -> writesTo(place, other))
                            .findFirst()
                            .map(other -> new Shared(place.setting(), other.id())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // which is told when the sink is made
        }
    }

    private boolean writesTo(Place<P> place, Holding<?> other) {
        try {
            return other.type().name().equals(type.name())
                    && place.alsoOf().test(other.id(), type.settingsType().cast(other.settings()));
        } catch (IllegalArgumentException e) {
            return false; // it makes no sense, and writes nowhere
        }
    }
}
