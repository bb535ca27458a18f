package dev.sluice.control;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** What is paused, as this process knows it: asked for in memory before each write. Thread-safe. */
@Component
public class Pauses implements Followed {

    /* By sink and by partition, which is empty for the sink as a whole. */
    private record Known(Map<String, Map<String, List<Pause>>> pauses) {

        private static String partition(Pause pause) {
            return Objects.requireNonNullElse(pause.scope().partition(), "");
        }

        boolean nothingInForce() {
            return pauses.isEmpty()
                    || pauses.values().stream()
                            .flatMap(bySink -> bySink.values().stream())
                            .flatMap(List::stream)
                            .noneMatch(Pause::inForce);
        }

        Stream<Pause> of(String sink, String partition, Flow flow) {
            Map<String, List<Pause>> bySink = pauses.get(sink);
            return bySink == null
                    ? Stream.empty()
                    : Stream.of("", partition)
                            .flatMap(name -> bySink.getOrDefault(name, List.of()).stream())
                            .filter(pause -> pause.flow() == flow && pause.inForce());
        }
    }

    private final PauseStore store;
    private final Revisions revisions;

    private volatile Known known = new Known(Map.of());

    Pauses(PauseStore store, Revisions revisions) {
        this.store = store;
        this.revisions = revisions;
        revisions.follow(this);
    }

    @Override
    public void load() {
        known = new Known(store.load().stream()
                .collect(
                        Collectors.groupingBy(pause -> pause.scope().sink(), Collectors.groupingBy(Known::partition))));
    }

    private Known fresh() {
        revisions.refresh();
        return known;
    }

    /**
     * Whether nothing at all is paused. This one and those below throw a {@link DataAccessException} where what is known
     * is too old and the database cannot be asked.
     */
    public boolean none() {
        return fresh().nothingInForce();
    }

    /** Returns why a partition takes nothing, empty if it does. */
    public Optional<Pause> intake(String sink, String partition) {
        return fresh().of(sink, partition, Flow.INTAKE).findFirst();
    }

    /** Returns why nothing is delivered of a partition, empty if it is. */
    public Optional<Pause> delivery(String sink, String partition) {
        return fresh().of(sink, partition, Flow.DELIVERY).findFirst();
    }

    /** Whether all that waits in a partition is to be delivered at once. */
    public boolean drains(String sink, String partition) {
        return fresh().of(sink, partition, Flow.INTAKE).anyMatch(Pause::drains);
    }

    /** Returns what is paused of a sink and of its partitions, that of the sink as a whole first. */
    public List<Pause> of(String sink) {
        return new TreeMap<>(known.pauses().getOrDefault(sink, Map.of()))
                .values().stream().flatMap(List::stream).filter(Pause::inForce).toList();
    }

    /** Returns those of a sink's partitions of which something is paused, as far as is known; asks nobody. */
    public Set<String> partitions(String sink, Collection<String> all) {
        Set<String> paused = new HashSet<>();
        for (Pause pause : of(sink)) {
            String partition = pause.scope().partition();
            if (partition == null) {
                return Set.copyOf(all);
            }
            paused.add(partition);
        }
        return paused;
    }

    /** Returns what is paused of a partition, by itself or with its sink. */
    public List<Pause> of(String sink, String partition) {
        return Stream.of(Flow.values())
                .flatMap(flow -> known.of(sink, partition, flow))
                .toList();
    }

    /** Returns how many of the living replicas know all that this one does. */
    public Effect effect() {
        return revisions.effect();
    }
}
