package dev.sluice.snapshot;

import dev.sluice.sink.Engine;
import dev.sluice.sink.LastLook;
import dev.sluice.snapshot.ReceiptStore.PartitionReceipt;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/**
 * The rows of many partitions of one sink at once: one statement to lock them, one to record what was written. Engines
 * that cannot do that take one partition at a time, statement by statement.
 */
@Repository
public class RoundStore {

    private static final String COLUMNS = """
            select partition_id, next_offset, delivered_offset, fencing_token, version, state::text as state, owner,
                   opened_by, opened_at, updated_at, life, records, records_from
              from sluice.snapshot
             where sink = ? and partition_id = any (?)
            """;

    /* What somebody else holds is left out: nobody's neighbours wait for another replica, or for one that is stopped. */
    private static final String LOCK_FREE = COLUMNS + "for update skip locked";
    /* Always in the same order, so that nobody waits in a circle. */
    private static final String LOCK = COLUMNS + "order by partition_id for update";

    private static final String THERE =
            "select partition_id from sluice.snapshot where sink = ? and partition_id = any (?)";

    private static final String CREATE = """
            insert into sluice.snapshot (sink, partition_id) select ?, unnest(?::text[])
            on conflict (sink, partition_id) do nothing""";

    private static final String LEDGER = """
            insert into sluice.receipt (sink, partition_id, first_offset, end_offset, fencing_token, record_count,
                                        record_hashes, record_offsets, batch_ends, state_hash)
                select ?, r.partition_id, r.first_offset, r.end_offset, r.fencing_token, r.record_count,
                       r.record_hashes, r.record_offsets, r.batch_ends, r.state_hash
                  from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::bytea[], ?::bytea[],
                              ?::bytea[], ?::bigint[])
                       as r (partition_id, first_offset, end_offset, fencing_token, record_count, record_hashes,
                             record_offsets, batch_ends, state_hash)""";
    private static final String SETTLED = """
            insert into sluice.settled (sink, partition_id, ranges)
                select ?, n.partition_id, n.ranges::int8multirange
                  from unnest(?::text[], ?::text[]) as n (partition_id, ranges)""";
    private static final String SETTLED_BEFORE =
            " on conflict (sink, partition_id) do update set ranges = excluded.ranges";
    private static final String SNAPSHOTS = """
            update sluice.snapshot s
               set next_offset = n.next_offset, version = n.version, state = n.state::json, records = n.records,
                   updated_at = now()
              from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[])
                   as n (partition_id, next_offset, version, expected_version, state, records)""";
    private static final String STILL_THERE =
            " where s.sink = ? and s.partition_id = n.partition_id and s.version = n.expected_version";

    private static final String ADVANCE = "with ledger as (" + LEDGER + ") " + SNAPSHOTS + STILL_THERE;
    private static final String ADVANCE_SETTLED =
            "with ledger as (" + LEDGER + "), settled as (" + SETTLED + SETTLED_BEFORE + ") " + SNAPSHOTS + STILL_THERE;

    private static final String RELEASED = """
            with released as (
                delete from sluice.claim where sink = ? and partition_id = any (?::text[]) and replica = ?
                returning partition_id),
            ledger as (""" + LEDGER + " join released using (partition_id))";
    private static final String STILL_OURS =
            " join released using (partition_id)" + STILL_THERE + " returning s.partition_id";
    private static final String ADVANCE_SENT = RELEASED + SNAPSHOTS + STILL_OURS;
    private static final String ADVANCE_SENT_SETTLED = RELEASED + ", settled as (" + SETTLED
            + " join released using (partition_id)" + SETTLED_BEFORE + ") " + SNAPSHOTS + STILL_OURS;

    /**
     * Where a partition whose row was locked at version {@code expectedVersion} stands now.
     *
     * @param settled its settled offsets, null where they come in order
     */
    public record Advance(
            String partition,
            Snapshot next,
            long expectedVersion,
            @Nullable OffsetRanges settled) {}

    private final JdbcClient jdbc;
    private final JdbcOperations statements;
    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final SettledStore settled;
    private final Claims claims;
    private final Engine engine;

    RoundStore(
            JdbcClient jdbc,
            JdbcOperations statements,
            SnapshotStore snapshots,
            ReceiptStore receipts,
            SettledStore settled,
            Claims claims,
            Engine engine) {
        this.jdbc = jdbc;
        this.statements = statements;
        this.snapshots = snapshots;
        this.receipts = receipts;
        this.settled = settled;
        this.claims = claims;
        this.engine = engine;
    }

    /**
     * Locks the rows that nobody else has locked until the transaction ends, and returns them by partition; makes those
     * that are not there yet.
     */
    public Map<String, Snapshot> lockFree(String sink, List<String> partitions) {
        return lock(LOCK_FREE, sink, partitions);
    }

    /** Locks all rows until the transaction ends, waiting for each, and returns them by partition. */
    public Map<String, Snapshot> lock(String sink, List<String> partitions) {
        if (engine.joint()) {
            return lock(LOCK, sink, partitions);
        }
        Map<String, Snapshot> locked = new HashMap<>();
        partitions.stream()
                .sorted()
                .forEach(partition -> locked.put(partition, snapshots.lock(new PartitionKey(sink, partition))));
        return locked;
    }

    private Map<String, Snapshot> lock(String sql, String sink, List<String> partitions) {
        Map<String, Snapshot> locked = new HashMap<>();
        lock(sql, sink, partitions, locked);
        if (locked.size() < partitions.size()) {
            List<String> missing = new ArrayList<>(partitions);
            missing.removeAll(locked.keySet());
            missing.removeAll(Set.copyOf(jdbc.sql(THERE)
                    .params(sink, text(missing))
                    .query(String.class)
                    .list()));
            if (!missing.isEmpty()) {
                jdbc.sql(CREATE).params(sink, text(missing)).update();
                lock(sql, sink, missing, locked);
            }
        }
        return locked;
    }

    private void lock(String sql, String sink, List<String> partitions, Map<String, Snapshot> locked) {
        jdbc.sql(sql)
                .params(sink, text(partitions))
                .query((row, number) -> locked.put(row.getString("partition_id"), SnapshotStore.map(row, number)))
                .list();
    }

    private static SqlArrayValue text(List<String> values) {
        return new SqlArrayValue("text", values.toArray());
    }

    /**
     * Stores receipts, and where the locked partitions stand after a write; asks what the write wants to know last, if
     * it does.
     */
    public void advance(String sink, List<PartitionReceipt> rows, List<Advance> advances, Optional<LastLook> lastLook) {
        if (!engine.joint()) {
            if (lastLook.isPresent()) {
                throw new IllegalArgumentException("there is no last statement to ask with: " + lastLook.get());
            }
            receipts.add(sink, rows);
            advances.forEach(row -> advance(sink, row));
            return;
        }
        boolean anyOrder = anyOrder(advances);
        List<Object> parameters = new ArrayList<>(ledger(sink, rows));
        parameters.addAll(snapshots(sink, advances, anyOrder));
        String sql = anyOrder ? ADVANCE_SETTLED : ADVANCE;
        int updated = lastLook.isPresent()
                ? update(sql, parameters, lastLook.get())
                : jdbc.sql(sql).params(parameters).update();
        if (updated != advances.size()) {
            throw new OptimisticLockingFailureException("only " + updated + " of " + advances.size() + " snapshots of "
                    + sink + " stood at the version at which their rows were locked");
        }
    }

    private int update(String sql, List<Object> parameters, LastLook lastLook) {
        List<Object> all = new ArrayList<>(parameters);
        all.addAll(lastLook.parameters());
        PreparedStatementSetter setter = new ArgumentPreparedStatementSetter(all.toArray());
        return Objects.requireNonNull(statements.execute(sql + "; " + lastLook.query(), (PreparedStatementCallback<
                        Integer>)
                statement -> {
                    setter.setValues(statement);
                    statement.execute();
                    int updated = statement.getUpdateCount();
                    statement.getMoreResults();
                    try (ResultSet row = statement.getResultSet()) {
                        lastLook.judge().accept(row.next() ? row.getString(1) : null);
                    }
                    return updated;
                }));
    }

    /**
     * Stores receipts, and where the locked partitions stand after what was sent to their targets; gives the claims on
     * {@code claimed} back, those among them.
     *
     * @return the partitions that were still claimed by this process: nothing is stored of any other
     */
    public Set<String> advanceSent(
            String sink, List<String> claimed, List<PartitionReceipt> rows, List<Advance> advances) {
        if (!engine.joint()) {
            return advanceEachSent(sink, claimed, rows, advances);
        }
        boolean anyOrder = anyOrder(advances);
        List<Object> parameters = new ArrayList<>(List.of(sink, text(claimed), claims.replica()));
        parameters.addAll(ledger(sink, rows));
        parameters.addAll(snapshots(sink, advances, anyOrder));
        return Set.copyOf(jdbc.sql(anyOrder ? ADVANCE_SENT_SETTLED : ADVANCE_SENT)
                .params(parameters)
                .query(String.class)
                .list());
    }

    private Set<String> advanceEachSent(
            String sink, List<String> claimed, List<PartitionReceipt> rows, List<Advance> advances) {
        Set<String> ours = new HashSet<>();
        for (String partition : claimed) {
            PartitionKey key = new PartitionKey(sink, partition);
            if (claims.heldHere(key)) {
                ours.add(partition);
                claims.release(key);
            }
        }
        receipts.add(
                sink,
                rows.stream().filter(row -> ours.contains(row.partition())).toList());
        advances.stream().filter(row -> ours.contains(row.partition())).forEach(row -> advance(sink, row));
        return ours;
    }

    private void advance(String sink, Advance row) {
        PartitionKey key = new PartitionKey(sink, row.partition());
        snapshots.advance(key, row.next(), row.expectedVersion());
        if (row.settled() != null) {
            settled.write(key, row.settled());
        }
    }

    private static boolean anyOrder(List<Advance> advances) {
        return advances.stream().anyMatch(row -> row.settled() != null);
    }

    private static List<Object> ledger(String sink, List<PartitionReceipt> rows) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(sink);
        parameters.addAll(ReceiptStore.columns(rows));
        return parameters;
    }

    private static List<Object> snapshots(String sink, List<Advance> advances, boolean anyOrder) {
        List<Object> parameters = new ArrayList<>();
        if (anyOrder) {
            List<Advance> scattered =
                    advances.stream().filter(row -> row.settled() != null).toList();
            parameters.add(sink);
            parameters.add(ReceiptStore.column("text", scattered, Advance::partition, String[]::new));
            parameters.add(ReceiptStore.column("text", scattered, row -> String.valueOf(row.settled()), String[]::new));
        }
        parameters.add(ReceiptStore.column("text", advances, Advance::partition, String[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, row -> row.next().nextOffset(), Long[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, row -> row.next().version(), Long[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, Advance::expectedVersion, Long[]::new));
        parameters.add(ReceiptStore.column("text", advances, row -> row.next().state(), String[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, row -> row.next().records(), Long[]::new));
        parameters.add(sink);
        return parameters;
    }
}
