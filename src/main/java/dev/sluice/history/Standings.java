package dev.sluice.history;

import dev.sluice.history.Standing.Position;
import dev.sluice.history.Standing.Waiting;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Asks the database how things stand, in one statement; what this process has counted itself is of this very moment. */
@Repository
public class Standings {

    private static final String ALL = """
            select 'replica' as kind, id as name, counters::text as text, 0 as first, 0 as second,
                   null as partition_id, null::timestamptz as time
              from sluice.replica where alive_until > clock_timestamp() and id <> ?
            union all
            select 'waiting', sink, null, sum(backlog_records),
                   coalesce(extract(epoch from clock_timestamp() - min(waiting_since)), 0), null, null
              from sluice.delivery where backlog_records > 0 group by sink""";
    private static final String WATCHED = ALL + """

            union all
            select 'partition', sink, owner, next_offset, delivered_offset, partition_id, updated_at
              from unnest(?::text[], ?::text[]) as watched(sink, partition_id)
              join sluice.snapshot using (sink, partition_id) where version > 0""";
    private static final int SECONDS = 5;

    private final Claims claims;
    private final Reports own;
    private final JdbcTemplate jdbc;

    Standings(Claims claims, Reports own, DataSource dataSource) {
        this.claims = claims;
        this.own = own;
        this.jdbc = new JdbcTemplate(dataSource);
        jdbc.setQueryTimeout(SECONDS);
    }

    /** Asks for all replicas and sinks. */
    public Standing now() {
        Found found = new Found();
        jdbc.query(ALL, found::add, claims.replica());
        return found.with(claims.replica(), own.now());
    }

    /** Asks for these partitions as well. */
    public Standing now(Collection<PartitionKey> watched) {
        if (watched.isEmpty()) {
            return now();
        }
        Found found = new Found();
        jdbc.query(
                WATCHED,
                found::add,
                claims.replica(),
                array(watched.stream().map(PartitionKey::sink).toArray()),
                array(watched.stream().map(PartitionKey::partition).toArray()));
        return found.with(claims.replica(), own.now());
    }

    private static SqlArrayValue array(Object[] names) {
        return new SqlArrayValue("text", names);
    }

    private static final class Found {

        private final Map<String, Report> reports = new HashMap<>();
        private final Map<String, Waiting> waiting = new HashMap<>();
        private final Map<PartitionKey, Position> partitions = new HashMap<>();

        void add(ResultSet row) throws SQLException {
            String name = row.getString("name");
            switch (row.getString("kind")) {
                case "replica" -> {
                    String report = row.getString("text");
                    // Of a version that does not report.
                    reports.put(name, report == null ? new Report(0, Map.of()) : Report.of(report));
                }
                case "waiting" -> waiting.put(name, new Waiting(row.getLong("first"), row.getDouble("second")));
                default ->
                    partitions.put(
                            new PartitionKey(name, row.getString("partition_id")),
                            new Position(
                                    row.getLong("first"),
                                    number(row, "second"),
                                    row.getString("text"),
                                    time(row.getObject("time", OffsetDateTime.class))));
            }
        }

        private static @Nullable Long number(ResultSet row, String column) throws SQLException {
            long number = row.getLong(column);
            return row.wasNull() ? null : number;
        }

        private static @Nullable Instant time(@Nullable OffsetDateTime time) {
            return time == null ? null : time.toInstant();
        }

        Standing with(String replica, Report report) {
            reports.put(replica, report);
            return new Standing(reports, waiting, partitions);
        }
    }
}
