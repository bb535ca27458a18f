package dev.sluice.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells in {@code /actuator/info} what an acknowledged record survives, by the database's own settings. */
final class DatabaseDurability implements InfoContributor {

    private static final Logger log = LoggerFactory.getLogger(DatabaseDurability.class);
    private static final Duration KEPT = Duration.ofSeconds(30);

    // Each may be unknown to an engine that only speaks PostgreSQL's protocol.
    private static final String SETTINGS = """
            SELECT coalesce(current_setting('fsync', true), '')                     AS fsync,
                   coalesce(current_setting('synchronous_commit', true), '')        AS synchronous_commit,
                   coalesce(current_setting('synchronous_standby_names', true), '') AS standbys,
                   current_setting('server_version')                                AS server
            """;

    private final JdbcClient database;
    private final Clock clock;

    // Guarded by this.
    private @Nullable Answer answer;

    DatabaseDurability(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail("durability", details());
    }

    private synchronized Map<String, Object> details() {
        Instant now = clock.instant();
        Answer last = answer;
        // An unreachable database is remembered as well, or each question would wait for its connection.
        if (last == null || Duration.between(last.at(), now).compareTo(KEPT) > 0) {
            last = new Answer(now, ask());
            answer = last;
        }
        return last.details();
    }

    private Map<String, Object> ask() {
        try {
            return database.sql(SETTINGS)
                    .query((row, number) -> describe(
                            row.getString("fsync"),
                            row.getString("synchronous_commit"),
                            row.getString("standbys"),
                            row.getString("server")))
                    .single();
        } catch (DataAccessException e) {
            log.debug("The database's durability settings cannot be read", e);
            return Map.of("acknowledgementSurvives", "unknown: the database does not answer");
        }
    }

    static Map<String, Object> describe(String fsync, String synchronousCommit, String standbys, String server) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("acknowledgementSurvives", survives(fsync, synchronousCommit, standbys));
        details.put("fsync", fsync);
        details.put("synchronousCommit", synchronousCommit);
        details.put("server", server.split(" ", 2)[0]);
        return details;
    }

    private static String survives(String fsync, String synchronousCommit, String standbys) {
        if (synchronousCommit.equals("off")) {
            return "nothing: synchronous_commit is off";
        }
        if (!standbys.isEmpty() && !synchronousCommit.equals("local")) {
            return "host loss";
        }
        return fsync.equals("off") ? "process kill" : "process kill and power loss of this host";
    }

    private record Answer(Instant at, Map<String, Object> details) {}
}
