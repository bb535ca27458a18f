package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sink beside the table "events".
 *
 * @param behind what its records go to; each of them gets all
 */
record Place(String sink, List<Count> behind) {

    /** Counts the records that are somewhere. */
    interface Count {
        long now() throws Exception;
    }

    Place(String sink, Count... behind) {
        this(sink, List.of(behind));
    }

    static Count rows(Database database, String table) {
        return () -> database.number("select count(*) from " + table);
    }

    String[] load(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--sink", sink));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    long[] counted() throws Exception {
        long[] counts = new long[behind.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = behind.get(i).now();
        }
        return counts;
    }

    void requireArrived(long[] before, long acknowledged) throws Exception {
        long[] now = counted();
        for (int i = 0; i < now.length; i++) {
            if (now[i] - before[i] != acknowledged) {
                throw new IOException("RECORDS DO NOT MATCH: " + sink + " acknowledged " + acknowledged + ", of which "
                        + (now[i] - before[i]) + " arrived");
            }
        }
    }
}
