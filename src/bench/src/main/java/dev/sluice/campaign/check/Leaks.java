package dev.sluice.campaign.check;

import dev.sluice.bench.postgres.Database;
import dev.sluice.campaign.cluster.ServiceNode;
import dev.sluice.campaign.stream.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** What must not be left when everything is calm again: connections, transactions, locks, threads, files. */
public final class Leaks {

    private static final int POOL = 12;
    private static final int THREADS = 200;
    private static final int FILES = 400;

    private Leaks() {}

    public static void look(Database database, List<ServiceNode> services, History history)
            throws SQLException, IOException {
        long connections = database.number("select count(*) from pg_stat_activity where application_name = 'sluice'");
        if (connections > (long) POOL * services.size()) {
            history.violation("leak: " + connections + " connections of " + services.size() + " services");
        }
        long idle = database.number("select count(*) from pg_stat_activity where application_name = 'sluice'"
                + " and state like 'idle in transaction%' and state_change < now() - interval '5 s'");
        if (idle > 0) {
            history.violation("leak: " + idle + " transactions are open and idle");
        }
        for (ServiceNode service : services) {
            count(service, "task", THREADS, history);
            count(service, "fd", FILES, history);
        }
    }

    private static void count(ServiceNode service, String what, int most, History history) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + service.pid() + "/" + what))) {
            long count = entries.count();
            history.add(service.name() + " has " + count + " of /proc/" + what);
            if (count > most) {
                history.violation("leak: " + service.name() + " has " + count + " of /proc/" + what);
            }
        }
    }
}
