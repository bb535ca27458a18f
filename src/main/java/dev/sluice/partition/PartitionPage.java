package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.partition.PartitionSearch.Found;
import dev.sluice.snapshot.Snapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some of a sink's partitions, in the order of its definition. Its memory is bounded by its limit and by the size of
 * the states, so that a page may be shorter than it could be.
 *
 * @param partitions where each of them stands, {@link Snapshot#EMPTY} for those that keep nothing
 * @param next the first partition of the next page, null on the last
 */
public record PartitionPage(
        Map<String, Snapshot> partitions, @Nullable String next) {

    private static final int READ_AT_A_TIME = 500;
    private static final long MOST_STATE_CHARACTERS = 4 << 20;

    /**
     * Which partitions to list: those of which all of this is true.
     *
     * @param from the first one, null for the first of the definition; one of the sink's
     * @param prefix what their names begin with
     * @param states names of {@link PartitionState}s in which they are
     * @param used whether to leave out those that were neither written to nor opened
     * @param opened whether to leave out those that no writer has opened
     * @param lagging whether to leave out those with nothing undelivered
     * @param idleLongerThan leaves out those that were written to or opened since, or never; null: it does not matter
     * @param limit how many at most
     */
    public record Wanted(
            @Nullable String from,
            String prefix,
            Set<String> states,
            boolean used,
            boolean opened,
            boolean lagging,
            @Nullable Duration idleLongerThan,
            int limit) {

        /** Whether it asks for what only a position can tell. */
        public boolean asksForPositions() {
            return used || opened || lagging || idleLongerThan != null;
        }
    }

    static PartitionPage of(SinkDefinition sink, Found found, Function<List<String>, Map<String, Snapshot>> snapshots) {
        List<String> names = found.names();
        Map<String, Snapshot> page = new LinkedHashMap<>();
        long characters = 0;
        for (int read = 0; read < names.size(); read += READ_AT_A_TIME) {
            List<String> some = names.subList(read, Math.min(names.size(), read + READ_AT_A_TIME));
            Map<String, Snapshot> there = sink.stateless() ? Map.of() : snapshots.apply(some);
            for (String name : some) {
                if (characters >= MOST_STATE_CHARACTERS) {
                    return new PartitionPage(page, name);
                }
                Snapshot snapshot = there.getOrDefault(name, Snapshot.EMPTY);
                page.put(name, snapshot);
                characters += snapshot.state() == null ? 0 : snapshot.state().length();
            }
        }
        return new PartitionPage(page, found.next());
    }
}
