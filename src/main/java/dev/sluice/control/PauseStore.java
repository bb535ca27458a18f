package dev.sluice.control;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What is paused, as the database has it. {@link RevisionStore#lock} comes first in a transaction that changes anything,
 * and {@link RevisionStore#raise} last.
 */
@Repository
class PauseStore {

    private static final String LOAD = """
            select sink, partition_id, flow, drains, since, until, reason, actor,
                   extract(epoch from until - clock_timestamp()) as seconds_left
              from sluice.control
             where until is null or until > clock_timestamp()
             order by sink, partition_id, flow""";

    private static final String PUT = """
            insert into sluice.control (sink, partition_id, flow, drains, until, reason, actor)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (sink, partition_id, flow) do update
               set drains = excluded.drains, until = excluded.until, reason = excluded.reason, actor = excluded.actor,
                   since = clock_timestamp()""";

    private static final String REMOVE = "delete from sluice.control where sink = ? and partition_id = ? and flow = ?";

    private static final String FORGET = "delete from sluice.control where sink = ?";

    private final JdbcClient jdbc;

    PauseStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns all that is in force, at least as new as the revision that was read before. */
    List<Pause> load() {
        return jdbc.sql(LOAD).query(PauseStore::map).list();
    }

    void put(Scope scope, Flow flow, boolean drains, @Nullable Instant until, String reason, @Nullable String actor) {
        jdbc.sql(PUT)
                .params(Arrays.asList(
                        scope.sink(),
                        partition(scope),
                        flow.label(),
                        drains,
                        until == null ? null : until.atOffset(ZoneOffset.UTC),
                        reason,
                        actor))
                .update();
    }

    void remove(Scope scope, Flow flow) {
        jdbc.sql(REMOVE).params(scope.sink(), partition(scope), flow.label()).update();
    }

    /** Removes all of a sink and its partitions; returns how many there were. */
    int forget(String sink) {
        return jdbc.sql(FORGET).param(sink).update();
    }

    private static String partition(Scope scope) {
        String partition = scope.partition();
        return partition == null ? "" : partition;
    }

    private static Pause map(ResultSet row, int number) throws SQLException {
        String partition = row.getString("partition_id");
        OffsetDateTime until = row.getObject("until", OffsetDateTime.class);
        long nanosLeft =
                (long) (row.getDouble("seconds_left") * Duration.ofSeconds(1).toNanos());
        return new Pause(
                new Scope(row.getString("sink"), partition.isEmpty() ? null : partition),
                row.getString("flow").equals(Flow.INTAKE.label()) ? Flow.INTAKE : Flow.DELIVERY,
                row.getBoolean("drains"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                until == null ? null : until.toInstant(),
                row.getString("reason"),
                row.getString("actor"),
                until == null ? null : System.nanoTime() + nanosLeft);
    }
}
