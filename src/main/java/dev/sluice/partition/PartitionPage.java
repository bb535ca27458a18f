package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final int MOST_READ = 10_000;
    private static final long MOST_STATE_CHARACTERS = 4 << 20;

    /**
     * Which partitions to list.
     *
     * @param from the first one, null for the first of the definition; one of the sink's
     * @param prefix what their names begin with
     * @param used whether to leave out those that were neither written to nor opened
     * @param limit how many at most
     */
    public record Wanted(@Nullable String from, String prefix, boolean used, int limit) {}

    static PartitionPage of(
            SinkDefinition sink, Wanted wanted, Function<List<String>, Map<String, Snapshot>> snapshots) {
        List<String> names = names(sink, wanted);
        Map<String, Snapshot> page = new LinkedHashMap<>();
        long characters = 0;
        int read = 0;
        while (read < names.size() && read < MOST_READ) {
            int most = wanted.used() ? READ_AT_A_TIME : Math.min(READ_AT_A_TIME, wanted.limit() - page.size());
            List<String> some = names.subList(read, Math.min(names.size(), read + Math.max(1, most)));
            Map<String, Snapshot> found = sink.stateless() ? Map.of() : snapshots.apply(some);
            for (String name : some) {
                Snapshot snapshot = found.getOrDefault(name, Snapshot.EMPTY);
                if (!wanted.used() || snapshot.used()) {
                    if (page.size() == wanted.limit() || characters >= MOST_STATE_CHARACTERS) {
                        return new PartitionPage(page, name);
                    }
                    page.put(name, snapshot);
                    characters +=
                            snapshot.state() == null ? 0 : snapshot.state().length();
                }
            }
            read += some.size();
        }
        return new PartitionPage(page, read < names.size() ? names.get(read) : null);
    }

    private static List<String> names(SinkDefinition sink, Wanted wanted) {
        List<String> all = sink.partitions();
        int from = wanted.from() == null ? 0 : all.indexOf(wanted.from());
        List<String> names = new ArrayList<>();
        for (String name : all.subList(from, all.size())) {
            if (name.startsWith(wanted.prefix())) {
                names.add(name);
            }
        }
        return names;
    }
}
