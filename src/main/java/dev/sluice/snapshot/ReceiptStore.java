package dev.sluice.snapshot;

import dev.sluice.sink.Engine;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The ledger of committed batches. */
@Repository
public class ReceiptStore {

    private static final String ADD = """
            insert into sluice.receipt (sink, partition_id, first_offset, end_offset, fencing_token, record_count,
                                        record_hashes, record_offsets, batch_ends, state_hash)
            select ?, r.partition_id, r.first_offset, r.end_offset, r.fencing_token, r.record_count, r.record_hashes,
                   r.record_offsets, r.batch_ends, r.state_hash
              from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::bytea[], ?::bytea[],
                          ?::bytea[], ?::bigint[])
                   as r (partition_id, first_offset, end_offset, fencing_token, record_count, record_hashes,
                         record_offsets, batch_ends, state_hash)""";

    private static final String ADD_VALUES = """
            insert into sluice.receipt (sink, partition_id, first_offset, end_offset, fencing_token, record_count,
                                        record_hashes, record_offsets, batch_ends, state_hash)""";
    private static final String VALUES = "(?, ?, ?, ?, ?, ?, ?::bytea, ?::bytea, ?::bytea, ?::bigint)";

    /* Receipts do not overlap, so the one that holds the start is the last that begins at or before it. */
    private static final String COVERING = """
            select first_offset, end_offset, fencing_token, record_count, record_hashes, record_offsets, batch_ends,
                   committed_at
              from sluice.receipt
             where sink = ? and partition_id = ?
               and first_offset >= coalesce((select max(first_offset) from sluice.receipt
                                              where sink = ? and partition_id = ? and first_offset <= ?), ?)
               and first_offset < ? and end_offset > ?
             order by first_offset
             limit ?""";

    private static final String LIST = COVERING.replace(
            "record_hashes, record_offsets", "''::bytea as record_hashes, null::bytea as record_offsets");

    private static final String ABOVE = """
            select count(*) as receipts, coalesce(sum(record_count), 0) as records, min(first_offset) as first,
                   sum(end_offset - first_offset) = max(end_offset) - min(first_offset) as gapless
              from sluice.receipt
             where sink = ? and partition_id = ?
               and first_offset >= coalesce((select max(first_offset) from sluice.receipt
                                              where sink = ? and partition_id = ? and first_offset <= ?), ?)
               and end_offset > ?""";

    private static final String REMOVE_FROM =
            "delete from sluice.receipt where sink = ? and partition_id = ? and first_offset >= ?";

    private static final String CUT = """
            update sluice.receipt
               set end_offset = ?, record_count = ?, record_hashes = ?, record_offsets = ?
             where sink = ? and partition_id = ? and first_offset = ?""";

    private static final String FORGET = "delete from sluice.receipt where sink = ?";

    private static final String PRUNE = """
            delete from sluice.receipt
             where (sink, partition_id, first_offset) in (
                       select sink, partition_id, first_offset from sluice.receipt
                        where committed_at < now() - ?::interval limit ?)""";

    private static final String KEEP_STATE = """
            update sluice.receipt set state_hash = ?
             where sink = ? and partition_id = ? and end_offset = ?
               and first_offset = (select max(first_offset) from sluice.receipt
                                    where sink = ? and partition_id = ? and first_offset < ?)""";
    private static final String STATE_AT = """
            select end_offset, state_hash from sluice.receipt
             where sink = ? and partition_id = ? and first_offset < ? and end_offset >= ?
             order by first_offset desc limit 1""";

    /**
     * A receipt and the partition that it belongs to.
     *
     * @param stateHash of the sink's state after it, null where there is none
     */
    public record PartitionReceipt(
            String partition, Receipt receipt, @Nullable Long stateHash) {

        /** Makes one without a state. */
        public PartitionReceipt(String partition, Receipt receipt) {
            this(partition, receipt, null);
        }

        /** Returns the same with the sink's state after it. */
        public PartitionReceipt with(String state) {
            return new PartitionReceipt(partition, receipt, hash(state));
        }

        /** Returns whether {@code next} can be kept in the same row. */
        public boolean joins(PartitionReceipt next) {
            return partition.equals(next.partition) && receipt.joins(next.receipt);
        }

        /** Returns one row for both. */
        public PartitionReceipt join(PartitionReceipt next) {
            return new PartitionReceipt(partition, receipt.join(next.receipt));
        }
    }

    private final JdbcClient jdbc;
    private final boolean kept;
    private final Engine engine;

    ReceiptStore(JdbcClient jdbc, ReceiptProperties properties, Engine engine) {
        this.jdbc = jdbc;
        this.kept = properties.kept();
        this.engine = engine;
    }

    /** Whether there are any: without them repeated batches are recognised, but not compared. */
    public boolean kept() {
        return kept;
    }

    /** Stores receipts of a sink's partitions; part of the transaction that commits the records. */
    public void add(String sink, List<PartitionReceipt> receipts) {
        if (!kept || receipts.isEmpty()) {
            return;
        }
        if (engine.unfolds()) {
            List<Object> parameters = new ArrayList<>();
            parameters.add(sink);
            parameters.addAll(columns(receipts));
            jdbc.sql(ADD).params(parameters).update();
        } else {
            for (int from = 0; from < receipts.size(); from += Engine.VALUES_AT_A_TIME) {
                addValues(sink, receipts.subList(from, Math.min(receipts.size(), from + Engine.VALUES_AT_A_TIME)));
            }
        }
    }

    private void addValues(String sink, List<PartitionReceipt> receipts) {
        List<@Nullable Object> parameters = new ArrayList<>();
        for (PartitionReceipt row : receipts) {
            Receipt receipt = row.receipt();
            parameters.addAll(Arrays.asList(
                    sink,
                    row.partition(),
                    receipt.first(),
                    receipt.end(),
                    receipt.fencingToken(),
                    receipt.count(),
                    receipt.hashes(),
                    receipt.offsets(),
                    receipt.batchEnds(),
                    row.stateHash()));
        }
        jdbc.sql(ADD_VALUES + Engine.values(VALUES, receipts.size()))
                .params(parameters)
                .update();
    }

    /** Returns the columns of receipts from {@code partition_id} to {@code state_hash}. */
    static List<SqlArrayValue> columns(List<PartitionReceipt> rows) {
        return List.of(
                column("text", rows, PartitionReceipt::partition, String[]::new),
                column("bigint", rows, row -> row.receipt().first(), Long[]::new),
                column("bigint", rows, row -> row.receipt().end(), Long[]::new),
                column("bigint", rows, row -> row.receipt().fencingToken(), Long[]::new),
                column("integer", rows, row -> row.receipt().count(), Integer[]::new),
                column("bytea", rows, row -> row.receipt().hashes(), byte[][]::new),
                column("bytea", rows, row -> row.receipt().offsets(), byte[][]::new),
                column("bytea", rows, row -> row.receipt().batchEnds(), byte[][]::new),
                column("bigint", rows, PartitionReceipt::stateHash, Long[]::new));
    }

    /* The driver goes by the array's own class: byte[][] is sent as bytea[], an Object[] of byte[] would not be. */
    static <R, T> SqlArrayValue column(
            String type, List<R> rows, Function<R, @Nullable T> value, IntFunction<T[]> array) {
        return new SqlArrayValue(type, (Object[]) rows.stream().map(value).toArray(array));
    }

    /** Keeps which state goes with the position {@code end}, in a receipt that is stored already. */
    public void keepState(PartitionKey key, long end, String state) {
        jdbc.sql(KEEP_STATE)
                .params(hash(state), key.sink(), key.partition(), end, key.sink(), key.partition(), end)
                .update();
    }

    /**
     * Whether {@code state} was the partition's when it stood at {@code end}, as far as that is known: receipts are
     * pruned.
     */
    public boolean mayHaveHad(PartitionKey key, long end, String state) {
        return jdbc.sql(STATE_AT)
                .params(key.sink(), key.partition(), end, end)
                .query((row, number) -> {
                    long hash = row.getLong("state_hash");
                    return row.wasNull()
                            ? row.getLong("end_offset") == end
                            : hash == hash(state) && row.getLong("end_offset") == end;
                })
                .optional()
                .orElse(true);
    }

    private static long hash(String state) {
        CRC32C crc = new CRC32C();
        crc.update(state.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() << 32 | (state.hashCode() & 0xffffffffL);
    }

    /** Returns the first {@code limit} receipts that overlap {@code [from, to)}, in the order of offsets. */
    public List<Receipt> covering(PartitionKey key, long from, long to, int limit) {
        return kept ? query(COVERING, key, from, to, limit) : List.of();
    }

    /** The same as {@link #covering} without hashes and offsets, and one for each batch. */
    public List<Receipt> list(PartitionKey key, long from, long to, int limit) {
        return query(LIST, key, from, to, limit).stream()
                .flatMap(row -> row.batches().stream())
                .filter(batch -> batch.first() < to && batch.end() > from)
                .limit(limit)
                .toList();
    }

    private List<Receipt> query(String sql, PartitionKey key, long from, long to, int limit) {
        return jdbc.sql(sql)
                .params(key.sink(), key.partition(), key.sink(), key.partition(), from, from, to, from, limit)
                .query(ReceiptStore::map)
                .list();
    }

    /**
     * What the ledger has at or above an offset.
     *
     * @param receipts rows of the ledger, of which one may reach across the offset
     * @param complete whether it has all that was committed there: receipts are pruned
     */
    public record Above(long receipts, long records, boolean complete) {}

    /** Returns what was committed at or above {@code offset}, as far as there are receipts. */
    public Above above(PartitionKey key, long offset) {
        long below = query(COVERING, key, offset, offset + 1, 1).stream()
                .mapToLong(receipt -> receipt.indexOf(offset))
                .sum();
        return jdbc.sql(ABOVE)
                .params(key.sink(), key.partition(), key.sink(), key.partition(), offset, offset, offset)
                .query((row, number) -> {
                    Long first = row.getObject("first", Long.class);
                    return new Above(
                            row.getLong("receipts"),
                            row.getLong("records") - below,
                            first != null && first <= offset && row.getBoolean("gapless"));
                })
                .single();
    }

    /** Forgets what was committed at or above {@code offset}; a receipt that reaches across it is cut there. */
    public void removeFrom(PartitionKey key, long offset) {
        List<Receipt> across = query(COVERING, key, offset, offset + 1, 1);
        jdbc.sql(REMOVE_FROM).params(key.sink(), key.partition(), offset).update();
        for (Receipt receipt : across) {
            if (receipt.first() < offset) {
                Receipt kept = receipt.cutAt(offset);
                jdbc.sql(CUT)
                        .params(Arrays.asList(
                                kept.end(),
                                kept.count(),
                                kept.hashes(),
                                kept.offsets(),
                                key.sink(),
                                key.partition(),
                                kept.first()))
                        .update();
            }
        }
    }

    /** Removes all receipts of a deleted sink. */
    public void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
    }

    /** Removes at most {@code limit} receipts that are older than {@code age}; returns how many. */
    public int prune(Duration age, int limit) {
        return jdbc.sql(PRUNE).params(age.toSeconds() + " seconds", limit).update();
    }

    private static Receipt map(ResultSet row, int number) throws SQLException {
        return new Receipt(
                row.getLong("first_offset"),
                row.getLong("end_offset"),
                row.getLong("fencing_token"),
                row.getInt("record_count"),
                row.getBytes("record_hashes"),
                row.getBytes("record_offsets"),
                row.getBytes("batch_ends"),
                row.getObject("committed_at", OffsetDateTime.class).toInstant());
    }
}
