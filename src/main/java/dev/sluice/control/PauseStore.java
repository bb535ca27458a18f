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
 * What is paused, as the database has it. {@link #lock} comes first in a transaction that changes anything, and {@link
 * #raise} last.
 */
@Repository
class PauseStore {

    private static final String REVISION = """
            select revision, (select control_revision from sluice.replica where id = ?) as seen
              from sluice.control_revision""";

    private static final String LOCK = "select revision from sluice.control_revision for update";

    private static final String RAISE = "update sluice.control_revision set revision = revision + 1 returning revision";

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

    private static final String SEE = "update sluice.replica set control_revision = ? where id = ?";

    private static final String SEEN = """
            select count(*) filter (where control_revision >= ?) as seen, count(*) as alive
              from sluice.replica
             where alive_until > clock_timestamp()""";

    /**
     * How far the changes have come.
     *
     * @param last the number of the last one
     * @param seen of the last one that a process has said to have seen; null if it has given no sign of life
     */
    record Revision(long last, @Nullable Long seen) {}

    private final JdbcClient jdbc;

    PauseStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Revision revision(String replica) {
        return jdbc.sql(REVISION)
                .param(replica)
                .query((row, number) -> new Revision(row.getLong("revision"), row.getObject("seen", Long.class)))
                .single();
    }

    /** Keeps others from changing anything until the transaction ends. */
    void lock() {
        jdbc.sql(LOCK).query(Long.class).single();
    }

    /** Counts a change; returns its number. */
    long raise() {
        return jdbc.sql(RAISE).query(Long.class).single();
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

    /** Says that a process has seen a change. */
    void see(String replica, long revision) {
        jdbc.sql(SEE).params(revision, replica).update();
    }

    /** Returns how many of the living processes have seen a change. */
    Effect effect(long revision) {
        return jdbc.sql(SEEN)
                .param(revision)
                .query((row, number) -> new Effect(row.getInt("seen"), row.getInt("alive")))
                .single();
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
