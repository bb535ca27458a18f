package dev.sluice.snapshot;

import dev.sluice.sink.Engine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The partitions' rows. {@link #lock}, {@link #advance} and {@link #open} belong into one transaction; the lock is
 * what makes deciding safe between replicas, the version in {@link #advance} is the second fence behind it.
 */
@Repository
public class SnapshotStore {

    private static final String FIND = """
            select partition_id, next_offset, delivered_offset, fencing_token, version, state::text as state, owner,
                   opened_by, opened_at, updated_at, life, records, records_from
              from sluice.snapshot
             where sink = ? and partition_id = ?""";

    private static final String FIND_SOME = """
            select partition_id, next_offset, delivered_offset, fencing_token, version, state::text as state, owner,
                   opened_by, opened_at, updated_at, life, records, records_from
              from sluice.snapshot
             where sink = ? and partition_id = any(?)""";

    /* READ COMMITTED and FOR UPDATE: the row that comes back is the newest committed one, not the statement's. */
    private static final String LOCK = FIND + " for update";

    private static final String CREATE = """
            insert into sluice.snapshot (sink, partition_id) values (?, ?)
            on conflict (sink, partition_id) do nothing""";

    private static final String ADVANCE = """
            update sluice.snapshot
               set next_offset = ?, state = ?::json, version = ?, records = ?, updated_at = now()
             where sink = ? and partition_id = ? and version = ?""";

    private static final String KEEP_STATE = """
            update sluice.snapshot set state = ?::json, updated_at = opened_at
             where sink = ? and partition_id = ? and version = ? and state is null""";
    private static final String DELIVERED = """
            update sluice.snapshot set delivered_offset = ? where sink = ? and partition_id = ?""";
    private static final String DELIVERED_SOME = """
            update sluice.snapshot s set delivered_offset = n.delivered_offset
              from unnest(?::text[], ?::bigint[]) as n (partition_id, delivered_offset)
             where s.sink = ? and s.partition_id = n.partition_id""";
    private static final String OPEN = """
            update sluice.snapshot
               set fencing_token = greatest(fencing_token, ?) + 1, version = version + 1, owner = ?, opened_by = ?, opened_at = now(),
                   updated_at = now(), next_offset = ?, state = ?::json, records = ?, records_from = ?
             where sink = ? and partition_id = ? and version = ?""";

    /* A token that nobody has opened stands for a deletion: see forget. */
    private static final String HAS_DATA = """
            select exists (select from sluice.snapshot
                            where sink = ? and version > 0 and not (fencing_token > 0 and opened_at is null))""";

    private static final String HAS_POSITION = """
            select exists (select from sluice.snapshot where sink = ? and next_offset > 0)
                or exists (select from sluice.settled where sink = ? and ranges <> '{}')""";

    private static final String PARTITIONS =
            "select partition_id from sluice.snapshot where sink = ? order by partition_id";
    private static final String LOCK_ALL = PARTITIONS + " for update";

    private static final String FORGET = """
            update sluice.snapshot
               set next_offset = 0, delivered_offset = null, state = null, records = 0, records_from = 0, fencing_token = greatest(fencing_token, ?) + 1,
                   version = version + 1, life = life + 1, owner = '(deleted)', opened_by = null,
                   opened_at = null, updated_at = now()
             where sink = ?""";

    private static final String FIRST_TOKEN = "select first_token from sluice.incarnation";

    private final JdbcClient jdbc;
    private final Engine engine;
    private final ObjectProvider<TokenWitness> witnesses;

    SnapshotStore(JdbcClient jdbc, Engine engine, ObjectProvider<TokenWitness> witnesses) {
        this.jdbc = jdbc;
        this.engine = engine;
        this.witnesses = witnesses;
    }

    /** Returns the last committed snapshot, {@link Snapshot#EMPTY} where nothing was written yet. */
    public Snapshot read(PartitionKey key) {
        return find(FIND, key).orElse(Snapshot.EMPTY);
    }

    /** Returns the last committed snapshots of those of {@code partitions} that have one, by partition. */
    public Map<String, Snapshot> read(String sink, Collection<String> partitions) {
        Map<String, Snapshot> all = new LinkedHashMap<>();
        jdbc.sql(FIND_SOME)
                .params(sink, new SqlArrayValue("text", partitions.toArray()))
                .query((ResultSet row) -> {
                    all.put(row.getString("partition_id"), map(row, 0));
                });
        return all;
    }

    /** Returns the names of the sink's partitions that have a row. */
    public List<String> partitions(String sink) {
        return jdbc.sql(PARTITIONS).param(sink).query(String.class).list();
    }

    /** Locks the partition's row until the transaction ends, and returns it; makes it if there is none. */
    public Snapshot lock(PartitionKey key) {
        Optional<Snapshot> locked = find(LOCK, key);
        if (locked.isEmpty()) {
            jdbc.sql(CREATE).params(key.sink(), key.partition()).update();
            locked = find(LOCK, key);
        }
        return locked.orElseThrow(() -> new IllegalStateException("the snapshot row of " + key + " cannot be made"));
    }

    /** Stores where the locked partition stands after a write. */
    public void advance(PartitionKey key, Snapshot next, long expectedVersion) {
        int rows = jdbc.sql(ADVANCE)
                .params(Arrays.asList(
                        next.nextOffset(),
                        next.state(),
                        next.version(),
                        next.records(),
                        key.sink(),
                        key.partition(),
                        expectedVersion))
                .update();
        requireOne(rows, key, expectedVersion);
    }

    /** Stores the state in which the locked partition's target was found before anything was written to it. */
    public void keepInitialState(PartitionKey key, String state, long expectedVersion) {
        int rows = jdbc.sql(KEEP_STATE)
                .params(state, key.sink(), key.partition(), expectedVersion)
                .update();
        requireOne(rows, key, expectedVersion);
    }

    /** Stores how much of what locked partitions have accepted has reached its target. */
    public void delivered(String sink, Map<String, Long> deliveredOffsets) {
        if (engine.joint()) {
            jdbc.sql(DELIVERED_SOME)
                    .params(
                            new SqlArrayValue("text", deliveredOffsets.keySet().toArray()),
                            new SqlArrayValue(
                                    "bigint", deliveredOffsets.values().toArray()),
                            sink)
                    .update();
        } else {
            deliveredOffsets.forEach((partition, offset) ->
                    jdbc.sql(DELIVERED).params(offset, sink, partition).update());
        }
    }

    /**
     * Raises the locked partition's fencing token for a new owner, and has it stand where {@code at} does.
     *
     * @param openedBy the identity whose it is, null if anybody's who may write
     */
    public Snapshot open(PartitionKey key, String owner, @Nullable String openedBy, Snapshot at) {
        int rows = jdbc.sql(OPEN)
                .params(Arrays.asList(
                        firstToken(),
                        owner,
                        openedBy,
                        at.nextOffset(),
                        at.state(),
                        at.records(),
                        at.recordsFrom(),
                        key.sink(),
                        key.partition(),
                        at.version()))
                .update();
        requireOne(rows, key, at.version());
        Snapshot opened = read(key);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                witnesses.forEach(witness -> witness.given(key, opened.fencingToken()));
            }
        });
        return opened;
    }

    /** Whether something was written to the sink, or opened, since it was last deleted. */
    public boolean hasData(String sink) {
        return jdbc.sql(HAS_DATA).param(sink).query(Boolean.class).single();
    }

    /** Whether any offset of the sink is settled: its target has what was acknowledged. */
    public boolean hasPosition(String sink) {
        return jdbc.sql(HAS_POSITION).params(sink, sink).query(Boolean.class).single();
    }

    /** Keeps everybody from writing to the sink's partitions until the transaction ends. */
    public void lockAll(String sink) {
        List<String> partitions = jdbc.sql(engine.joint() ? LOCK_ALL : PARTITIONS)
                .param(sink)
                .query(String.class)
                .list();
        if (!engine.joint()) {
            partitions.forEach(partition -> lock(new PartitionKey(sink, partition)));
        }
    }

    /**
     * Takes all partitions of a deleted sink back to the beginning. Their tokens rise: whoever wrote to them before
     * does not know that the sink is another one now.
     */
    public void forget(String sink) {
        jdbc.sql(FORGET).params(firstToken(), sink).update();
    }

    /* Above all that were given out before the database became another one: see Incarnations. */
    private long firstToken() {
        return jdbc.sql(FIRST_TOKEN).query(Long.class).optional().orElse(0L);
    }

    /** Lets deferred constraints and triggers speak now, where the commit that they wait for will not come. */
    public void checkDeferredConstraints() {
        jdbc.sql("set constraints all immediate").update();
    }

    private static void requireOne(int rows, PartitionKey key, long expectedVersion) {
        if (rows != 1) {
            throw new OptimisticLockingFailureException("the snapshot of " + key + " moved from version "
                    + expectedVersion + " although its row was locked");
        }
    }

    private Optional<Snapshot> find(String sql, PartitionKey key) {
        return jdbc.sql(sql)
                .params(key.sink(), key.partition())
                .query(SnapshotStore::map)
                .optional();
    }

    static Snapshot map(ResultSet row, int number) throws SQLException {
        return new Snapshot(
                row.getLong("next_offset"),
                row.getObject("delivered_offset", Long.class),
                row.getLong("fencing_token"),
                row.getLong("version"),
                row.getString("state"),
                row.getString("owner"),
                row.getString("opened_by"),
                instant(row, "opened_at"),
                instant(row, "updated_at"),
                row.getLong("life"),
                row.getLong("records"),
                row.getLong("records_from"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
