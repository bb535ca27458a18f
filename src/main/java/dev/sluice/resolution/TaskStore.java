package dev.sluice.resolution;

import dev.sluice.audit.Caller;
import dev.sluice.snapshot.Claims;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Tasks and how far they are, so that all replicas can tell and any can go on. */
@Repository
class TaskStore {

    private static final String COLUMNS = """
            id, kind, sink, code, field, partition_id, expected, per_second, reason, actor, from_address, trace_id,
            state, done, refused, at_partition, at_offset, message, created_at, updated_at""";
    private static final String ADD = """
            insert into sluice.task (id, kind, sink, code, field, partition_id, expected, per_second, reason, actor,
                                     from_address, trace_id, state, replica)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)""";
    private static final String SELECT = "select " + COLUMNS + " from sluice.task where ";
    private static final String FIND = SELECT + "id = ?";
    private static final String LIST = SELECT + "sink = ? order by created_at desc, id limit 100";
    private static final String OURS = SELECT + "id = ? and state = 'running' and replica = ?";
    private static final String ADVANCE = """
            update sluice.task
               set done = done + ?, refused = refused + ?, at_partition = ?, at_offset = ?, message = null,
                   updated_at = now()
             where id = ? and state = 'running' and replica = ?""";
    private static final String END = """
            update sluice.task set state = ?, message = ?, updated_at = now() where id = ? and state = 'running'""";
    private static final String WAITS = """
            update sluice.task set message = ?, updated_at = now() where id = ? and state = 'running'""";
    private static final String ADOPT = """
            update sluice.task t set replica = ?
             where state = 'running' and replica <> ?
               and not exists (select from sluice.replica r
                                where r.id = t.replica and r.alive_until > clock_timestamp())
            returning id, sink""";
    private static final String PRUNE = """
            delete from sluice.task where state <> 'running' and updated_at < now() - interval '30 days'""";

    /**
     * A task as whoever does it needs it.
     *
     * @param partition where it goes on
     * @param offset the lowest there that it has not looked at
     */
    record Progress(Task task, Caller caller, String partition, long offset) {}

    /** A task of a replica that is gone. */
    record Adopted(UUID id, String sink) {}

    private final JdbcClient jdbc;
    private final Claims claims;

    TaskStore(JdbcClient jdbc, Claims claims) {
        this.jdbc = jdbc;
        this.claims = claims;
    }

    /** Adds one that this replica is to do. */
    void add(
            UUID id,
            String kind,
            String sink,
            LetterFilter filter,
            long expected,
            @Nullable Long perSecond,
            Replays.By by) {
        Caller caller = by.caller();
        jdbc.sql(ADD)
                .params(Arrays.asList(
                        id,
                        kind,
                        sink,
                        filter.code(),
                        filter.field(),
                        filter.partition(),
                        expected,
                        perSecond,
                        by.reason(),
                        caller.actor(),
                        caller.address(),
                        caller.traceId(),
                        claims.replica()))
                .update();
    }

    Optional<Task> find(UUID id) {
        return jdbc.sql(FIND).param(id).query((row, number) -> map(row).task()).optional();
    }

    /** Returns the latest tasks of a sink. */
    List<Task> list(String sink) {
        return jdbc.sql(LIST)
                .param(sink)
                .query((row, number) -> map(row).task())
                .list();
    }

    /** Returns how far a task is; empty if it has ended, or is another replica's by now. */
    Optional<Progress> ours(UUID id) {
        return jdbc.sql(OURS)
                .params(id, claims.replica())
                .query((row, number) -> map(row))
                .optional();
    }

    /**
     * Keeps how far a task is, in the transaction that has come so far; false if it has ended, or is another replica's by
     * now.
     */
    boolean advance(UUID id, long done, long refused, String partition, long offset) {
        return jdbc.sql(ADVANCE)
                        .params(done, refused, partition, offset, id, claims.replica())
                        .update()
                == 1;
    }

    /** Ends a task; false if it has ended already. */
    boolean end(UUID id, String state, @Nullable String message) {
        return jdbc.sql(END).params(Arrays.asList(state, message, id)).update() == 1;
    }

    /** Keeps why a task does not come further for now. */
    void waits(UUID id, String why) {
        jdbc.sql(WAITS).params(why, id).update();
    }

    /** Takes over the tasks of replicas that are gone. */
    List<Adopted> adopt() {
        return jdbc.sql(ADOPT)
                .params(claims.replica(), claims.replica())
                .query((row, number) -> new Adopted(row.getObject("id", UUID.class), row.getString("sink")))
                .list();
    }

    void prune() {
        jdbc.sql(PRUNE).update();
    }

    private static Progress map(ResultSet row) throws SQLException {
        Task task = new Task(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("sink"),
                new LetterFilter(
                        LetterState.OPEN, row.getString("partition_id"), row.getString("code"), row.getString("field")),
                row.getString("state"),
                row.getLong("expected"),
                row.getLong("done"),
                row.getLong("refused"),
                row.getObject("per_second", Long.class),
                row.getString("reason"),
                row.getString("actor"),
                row.getString("message"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
        return new Progress(
                task,
                new Caller(row.getString("actor"), row.getString("from_address"), row.getString("trace_id")),
                row.getString("at_partition"),
                row.getLong("at_offset"));
    }
}
