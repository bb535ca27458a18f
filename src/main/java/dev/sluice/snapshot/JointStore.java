package dev.sluice.snapshot;

import dev.sluice.snapshot.ReceiptStore.PartitionReceipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Snapshots and receipts of many partitions of one sink at once: one statement to lock, one to commit. */
@Repository
public class JointStore {

    /* What somebody else holds is left out: nobody's neighbours wait for another replica, or for one that is stopped. */
    private static final String LOCK_FREE = """
            select partition_id, next_offset, delivered_offset, fencing_token, version, state::text as state, owner,
                   opened_at, updated_at, life
              from sluice.snapshot
             where sink = ? and partition_id = any (?)
               for update skip locked""";

    private static final String THERE =
            "select partition_id from sluice.snapshot where sink = ? and partition_id = any (?)";

    private static final String CREATE = """
            insert into sluice.snapshot (sink, partition_id) select ?, unnest(?::text[])
            on conflict (sink, partition_id) do nothing""";

    private static final String ADVANCE = """
            with ledger as (
                insert into sluice.receipt (sink, partition_id, first_offset, end_offset, fencing_token, record_count,
                                            record_hashes, record_offsets, batch_ends)
                select ?, r.partition_id, r.first_offset, r.end_offset, r.fencing_token, r.record_count,
                       r.record_hashes, r.record_offsets, r.batch_ends
                  from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::bytea[], ?::bytea[],
                              ?::bytea[])
                       as r (partition_id, first_offset, end_offset, fencing_token, record_count, record_hashes,
                             record_offsets, batch_ends))
            update sluice.snapshot s
               set next_offset = n.next_offset, version = n.version, updated_at = now()
              from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                   as n (partition_id, next_offset, version, expected_version)
             where s.sink = ? and s.partition_id = n.partition_id and s.version = n.expected_version""";

    /** Where a partition whose row was locked at version {@code expectedVersion} stands now. */
    public record Advance(String partition, Snapshot next, long expectedVersion) {}

    private final JdbcClient jdbc;

    JointStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the rows that nobody else has locked until the transaction ends, and returns them by partition; makes those
     * that are not there yet.
     */
    public Map<String, Snapshot> lockFree(String sink, List<String> partitions) {
        Map<String, Snapshot> locked = new HashMap<>();
        lockFree(sink, partitions, locked);
        if (locked.size() < partitions.size()) {
            List<String> missing = new ArrayList<>(partitions);
            missing.removeAll(locked.keySet());
            missing.removeAll(Set.copyOf(jdbc.sql(THERE)
                    .params(sink, text(missing))
                    .query(String.class)
                    .list()));
            if (!missing.isEmpty()) {
                jdbc.sql(CREATE).params(sink, text(missing)).update();
                lockFree(sink, missing, locked);
            }
        }
        return locked;
    }

    private void lockFree(String sink, List<String> partitions, Map<String, Snapshot> locked) {
        jdbc.sql(LOCK_FREE)
                .params(sink, text(partitions))
                .query((row, number) -> locked.put(row.getString("partition_id"), SnapshotStore.map(row, number)))
                .list();
    }

    private static SqlArrayValue text(List<String> values) {
        return new SqlArrayValue("text", values.toArray());
    }

    /** Stores receipts, and where the locked partitions stand after a write; a partition's state stays as it is. */
    public void advance(String sink, List<PartitionReceipt> receipts, List<Advance> advances) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(sink);
        parameters.addAll(ReceiptStore.columns(receipts));
        parameters.add(ReceiptStore.column("text", advances, Advance::partition, String[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, row -> row.next().nextOffset(), Long[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, row -> row.next().version(), Long[]::new));
        parameters.add(ReceiptStore.column("bigint", advances, Advance::expectedVersion, Long[]::new));
        parameters.add(sink);
        int rows = jdbc.sql(ADVANCE).params(parameters).update();
        if (rows != advances.size()) {
            throw new OptimisticLockingFailureException("only " + rows + " of " + advances.size() + " snapshots of "
                    + sink + " stood at the version at which their rows were locked");
        }
    }
}
