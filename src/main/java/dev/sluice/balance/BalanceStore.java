package dev.sluice.balance;

import dev.sluice.batch.BatchBuilder;
import dev.sluice.snapshot.PartitionKey;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Counts, each from tables of its own; within the caller's transaction, so that they are of one moment. */
@Repository
class BalanceStore {

    private static final String RECEIPTS = """
            select coalesce(sum(record_count), 0) as records, coalesce(sum(end_offset - first_offset), 0) as offsets,
                   min(first_offset) as first
              from sluice.receipt
             where sink = ? and partition_id = ? and first_offset >= ?""";
    private static final String ALL_RECEIPTS = """
            select coalesce(sum(r.record_count), 0) as records,
                   coalesce(sum(r.end_offset - r.first_offset), 0) as offsets, min(r.first_offset) as first
              from sluice.receipt r join sluice.snapshot s using (sink, partition_id)
             where r.sink = ? and r.first_offset >= s.records_from""";
    private static final String LETTERS = """
            select state, count(*) as letters from sluice.dead_letter
             where sink = ? and partition_id = ? and source_offset >= ?
             group by state
             union all
            select 'discarded', count(*) from sluice.dead_letter_gone
             where sink = ? and partition_id = ? and source_offset >= ? and discarded""";
    private static final String ALL_LETTERS = """
            select state, count(*) as letters from sluice.dead_letter where sink = ? group by state
             union all
            select 'discarded', count(*) from sluice.dead_letter_gone where sink = ? and discarded""";
    private static final String ALL_COUNTED_LETTERS = """
            select l.state, count(*) as letters
              from (select partition_id, source_offset, state from sluice.dead_letter where sink = ?
                     union all
                    select partition_id, source_offset, 'discarded' from sluice.dead_letter_gone
                     where sink = ? and discarded) l
             where not exists (select from sluice.snapshot s
                                where s.sink = ? and s.partition_id = l.partition_id
                                  and s.records_from > l.source_offset)
             group by l.state""";
    private static final String WAITING =
            "select backlog_records from sluice.delivery where sink = ? and partition_id = ?";
    private static final String ALL_WAITING =
            "select coalesce(sum(backlog_records), 0) from sluice.delivery where sink = ?";
    private static final String BUFFERED = """
            select count(*) from sluice.buffer
             where sink = ? and partition_id = ? and source_offset >= ? and source_offset < ?""";
    private static final String ALL_BUFFERED = """
            select count(*)
              from sluice.snapshot s join sluice.snapshot t on t.sink = ? and t.partition_id = s.partition_id
              join sluice.buffer b on b.sink = s.sink and b.partition_id = s.partition_id
                                  and b.source_offset >= coalesce(s.delivered_offset, 0)
                                  and b.source_offset < t.next_offset
             where s.sink = ? and t.next_offset > coalesce(s.delivered_offset, 0)""";
    private static final String SUMS = """
            select count(*) as partitions, coalesce(sum(records), 0) as records,
                   coalesce(sum(records_from), 0) as records_from, coalesce(sum(next_offset), 0) as next_offsets,
                   coalesce(sum(delivered_offset), 0) as delivered_offsets
              from sluice.snapshot where sink = ?""";
    private static final String COUNTED_LATER =
            "select partition_id, records_from from sluice.snapshot where sink = ? and records_from > 0";

    private static final String LETTERS_OF = """
            select source_offset, state, edited is not null as edited, data from sluice.dead_letter
             where sink = ? and partition_id = ? and source_offset >= ? and source_offset < ?
             union all
            select source_offset, case when discarded then 'discarded' else 'replayed' end, true, null
              from sluice.dead_letter_gone
             where sink = ? and partition_id = ? and source_offset >= ? and source_offset < ?
             order by source_offset""";

    /**
     * A dead letter, or what is left of it.
     *
     * @param hash of its bytes as they were received; null where they are pruned
     */
    record Letter(
            long offset,
            String state,
            boolean edited,
            @Nullable Long hash) {

        /** Whether the target has the record. */
        boolean written() {
            return state.equals("replayed");
        }
    }

    /**
     * What the ledger has.
     *
     * @param offsets how many are settled by it, with and without a record
     * @param first the first of them, null if there is none
     */
    record Receipts(
            long records, BigInteger offsets, @Nullable Long first) {}

    /**
     * What the rows of a sink's partitions say together; sums of offsets may be beyond 64 bits.
     *
     * @param records settled since {@code recordsFrom}
     */
    record Sums(
            long partitions,
            long records,
            BigInteger recordsFrom,
            BigInteger nextOffsets,
            BigInteger deliveredOffsets) {

        /** Returns how many offsets are settled without a record. */
        BigInteger holes() {
            return nextOffsets.subtract(recordsFrom).subtract(BigInteger.valueOf(records));
        }
    }

    private final JdbcClient jdbc;

    BalanceStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Receipts receipts(PartitionKey key, long from) {
        return jdbc.sql(RECEIPTS)
                .params(key.sink(), key.partition(), from)
                .query((row, number) -> receipts(row))
                .single();
    }

    Receipts receipts(String sink) {
        return jdbc.sql(ALL_RECEIPTS)
                .param(sink)
                .query((row, number) -> receipts(row))
                .single();
    }

    private static Receipts receipts(ResultSet row) throws SQLException {
        return new Receipts(row.getLong("records"), integer(row, "offsets"), row.getObject("first", Long.class));
    }

    private static BigInteger integer(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getBigDecimal(column)).toBigIntegerExact();
    }

    LetterCounts letters(PartitionKey key, long from) {
        return letters(LETTERS, key.sink(), key.partition(), from, key.sink(), key.partition(), from);
    }

    /** Returns those of a sink; {@code someLater} is whether some of its partitions are not counted from 0. */
    LetterCounts letters(String sink, boolean someLater) {
        return someLater ? letters(ALL_COUNTED_LETTERS, sink, sink, sink) : letters(ALL_LETTERS, sink, sink);
    }

    private LetterCounts letters(String sql, Object... parameters) {
        Map<String, Long> byState = new HashMap<>();
        jdbc.sql(sql).params(parameters).query((ResultSet row) -> {
            byState.merge(row.getString("state"), row.getLong("letters"), Long::sum);
        });
        return LetterCounts.of(byState);
    }

    /** Returns how many records wait in a buffer, by the number that it keeps. */
    long waiting(PartitionKey key) {
        return jdbc.sql(WAITING)
                .params(key.sink(), key.partition())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    long waiting(String sink) {
        return jdbc.sql(ALL_WAITING).param(sink).query(Long.class).single();
    }

    /** Returns how many records of {@code [from, end)} there are in a buffer. */
    long buffered(PartitionKey key, long from, long end) {
        return jdbc.sql(BUFFERED)
                .params(key.sink(), key.partition(), from, end)
                .query(Long.class)
                .single();
    }

    /** Returns how many records of a buffer are on their way: {@code target} has them, and the buffer still does. */
    long onTheirWay(String sink, String target) {
        return jdbc.sql(ALL_BUFFERED).params(target, sink).query(Long.class).single();
    }

    Sums sums(String sink) {
        return jdbc.sql(SUMS)
                .param(sink)
                .query((row, number) -> new Sums(
                        row.getLong("partitions"),
                        row.getLong("records"),
                        integer(row, "records_from"),
                        integer(row, "next_offsets"),
                        integer(row, "delivered_offsets")))
                .single();
    }

    /** Returns from where partitions are counted that are not counted from their beginning. */
    Map<String, Long> countedLater(String sink) {
        Map<String, Long> from = new HashMap<>();
        jdbc.sql(COUNTED_LATER).param(sink).query((ResultSet row) -> {
            from.put(row.getString("partition_id"), row.getLong("records_from"));
        });
        return from;
    }

    /** Returns the dead letters of {@code [from, end)}. */
    List<Letter> lettersOf(PartitionKey key, long from, long end) {
        return jdbc.sql(LETTERS_OF)
                .params(key.sink(), key.partition(), from, end, key.sink(), key.partition(), from, end)
                .query((row, number) -> new Letter(
                        row.getLong("source_offset"),
                        row.getString("state"),
                        row.getBoolean("edited"),
                        hash(row.getBytes("data"))))
                .list();
    }

    private static @Nullable Long hash(byte @Nullable [] data) {
        return data == null ? null : BatchBuilder.hash(data, 0, data.length);
    }
}
