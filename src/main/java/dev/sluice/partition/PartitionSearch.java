package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.partition.PartitionPage.Wanted;
import dev.sluice.snapshot.PartitionStates;
import dev.sluice.snapshot.PartitionStates.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Finds the partitions that a page is to have, in the order of the definition. What memory knows is looked at first;
 * the rows are asked in one statement where few of them are meant, and otherwise in the order of the page until it is
 * full: where many are meant, it soon is.
 */
@Component
class PartitionSearch {

    private static final int FEW = 25_000;
    private static final int ROWS_AT_A_TIME = 2_000;
    private static final int MOST_LOOKED_AT = 20_000;

    private final PartitionStates rows;
    private final Map<String, PartitionState> states = new TreeMap<>();

    PartitionSearch(PartitionStates rows, ObjectProvider<PartitionState> states) {
        this.rows = rows;
        states.forEach(state -> this.states.put(state.name(), state));
    }

    /**
     * Names for a page.
     *
     * @param names in the order of the definition
     * @param next where to go on, null if there is nothing behind these
     */
    record Found(List<String> names, @Nullable String next) {}

    /** Returns the states by which partitions can be told apart, by name. */
    Map<String, PartitionState> states() {
        return states;
    }

    PartitionState state(String name) {
        return Objects.requireNonNull(states.get(name), name);
    }

    Found find(SinkDefinition sink, Wanted wanted) {
        List<String> names = candidates(sink, wanted);
        Condition condition = condition(wanted);
        if (condition == null) {
            return cut(names, wanted.limit());
        }
        if (wanted.lagging() && !(sink.sink() instanceof AcceptingSink)) {
            return new Found(List.of(), null); // what it has committed is where it belongs
        }
        if (names.size() > FEW) {
            List<String> few = rows.first(sink.id(), condition, FEW + 1);
            if (few.size() <= FEW) {
                Set<String> meant = new HashSet<>(few);
                return cut(names.stream().filter(meant::contains).toList(), wanted.limit());
            }
        }
        return walk(sink, condition, names, wanted.limit());
    }

    private List<String> candidates(SinkDefinition sink, Wanted wanted) {
        List<String> all = sink.partitions();
        int from = wanted.from() == null ? 0 : all.indexOf(wanted.from());
        List<String> names = new ArrayList<>(all.subList(from, all.size()));
        names.removeIf(name -> !name.startsWith(wanted.prefix()));
        for (String state : wanted.states()) {
            names.retainAll(state(state).of(sink));
        }
        return names;
    }

    private static @Nullable Condition condition(Wanted wanted) {
        return wanted.asksForPositions()
                ? new Condition(wanted.opened(), wanted.lagging(), wanted.idleLongerThan())
                : null;
    }

    private Found walk(SinkDefinition sink, Condition condition, List<String> names, int limit) {
        List<String> found = new ArrayList<>();
        int looked = 0;
        while (looked < names.size() && looked < MOST_LOOKED_AT) {
            List<String> some = names.subList(looked, Math.min(names.size(), looked + ROWS_AT_A_TIME));
            Set<String> meant = new HashSet<>(rows.among(sink.id(), condition, some));
            for (String name : some) {
                if (meant.contains(name)) {
                    if (found.size() == limit) {
                        return new Found(found, name);
                    }
                    found.add(name);
                }
            }
            looked += some.size();
        }
        return new Found(found, looked < names.size() ? names.get(looked) : null);
    }

    private static Found cut(List<String> names, int limit) {
        return names.size() > limit ? new Found(names.subList(0, limit), names.get(limit)) : new Found(names, null);
    }
}
