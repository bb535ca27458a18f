package dev.sluice.delivery;

import dev.sluice.delivery.Buffers.Left;
import dev.sluice.sink.Engine;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SqlArrayValue;

/** The rows of accepted records, and what is known of their delivery. All under the lock of the snapshot row. */
final class BufferStore {

    private static final String ADD = """
            insert into sluice.buffer (sink, partition_id, source_offset, data)
            select ?, r.partition_id, r.source_offset, r.data
              from unnest(?::text[], ?::bigint[], ?::bytea[]) as r (partition_id, source_offset, data)""";
    private static final String ADD_VALUES = "insert into sluice.buffer (sink, partition_id, source_offset, data)";
    private static final String CREATE = """
            insert into sluice.delivery (sink, partition_id) values (?, ?)
            on conflict (sink, partition_id) do nothing""";
    private static final String GROW = """
            update sluice.delivery
               set backlog_records = backlog_records + ?, backlog_bytes = backlog_bytes + ?,
                   waiting_since = coalesce(waiting_since, now())
             where sink = ? and partition_id = ? and backlog_records + ? <= ?
            returning partition_id, backlog_records, backlog_bytes""";
    private static final String GROW_SOME = """
            update sluice.delivery d
               set backlog_records = backlog_records + r.records, backlog_bytes = backlog_bytes + r.bytes,
                   waiting_since = coalesce(waiting_since, now())
              from unnest(?::text[], ?::bigint[], ?::bigint[]) as r (partition_id, records, bytes)
             where d.sink = ? and d.partition_id = r.partition_id and d.backlog_records + r.records <= ?
            returning d.partition_id, d.backlog_records, d.backlog_bytes""";
    private static final String CREATE_SOME = """
            insert into sluice.delivery (sink, partition_id) select ?, unnest(?::text[])
            on conflict (sink, partition_id) do nothing""";
    private static final String FIND = """
            select partition_id, intent_end, backlog_records, backlog_bytes, coalesce(intent_untouched, false) as untouched,
                   batch_limit, coalesce(grow_at <= now(), false) as growing
              from sluice.delivery
             where sink = ? and partition_id = ?""";
    private static final String FIND_SOME = FIND.replace("partition_id = ?", "partition_id = any (?)");
    private static final String SET_INTENT = """
            update sluice.delivery set intent_end = ?, intent_untouched = ? where sink = ? and partition_id = ?""";
    private static final String REMOVE_BELOW =
            "delete from sluice.buffer where sink = ? and partition_id = ? and source_offset < ?";
    private static final String REMOVE_FROM =
            "delete from sluice.buffer where sink = ? and partition_id = ? and source_offset >= ?";
    private static final String SETTLE = """
            update sluice.delivery
               set intent_end = ?, backlog_records = backlog_records - ?, backlog_bytes = backlog_bytes - ?,
                   waiting_since = (select accepted_at from sluice.buffer
                                     where sink = ? and partition_id = ? order by source_offset limit 1)
             where sink = ? and partition_id = ?""";
    private static final String HEADS = """
            select source_offset, octet_length(data) as bytes from sluice.buffer
             where sink = ? and partition_id = ? and source_offset >= ?
             order by source_offset limit ?""";
    private static final String RECORDS = """
            select source_offset, data from sluice.buffer
             where sink = ? and partition_id = ? and source_offset >= ? and source_offset < ?
             order by source_offset""";
    private static final String DUE = """
            select s.partition_id,
                   coalesce(d.backlog_records, 0) as backlog_records, d.batch_limit, d.waiting_since,
                   d.intent_end is not null or d.backlog_records >= ? or d.backlog_bytes >= ?
                       or coalesce(d.waiting_since, s.updated_at) <= now() - ?::interval as due
              from sluice.snapshot s left join sluice.delivery d using (sink, partition_id)
             where s.sink = ? and s.next_offset > coalesce(s.delivered_offset, 0)
               and (?::text[] is null or s.partition_id = any (?::text[]))""";
    private static final String FORGET = "delete from sluice.buffer where sink = ?";
    private static final String FORGET_DELIVERY = "delete from sluice.delivery where sink = ?";
    private static final String LEFT = """
            select count(*) as partitions, coalesce(sum(d.backlog_records), 0) as records
              from sluice.snapshot s left join sluice.delivery d using (sink, partition_id)
             where s.sink = ? and s.next_offset > coalesce(s.delivered_offset, 0)
               and (?::text is null or s.partition_id = ?)""";
    private static final String WAITING =
            "select coalesce(sum(backlog_records), 0) from sluice.delivery where sink = ?";

    /**
     * What waits in a partition.
     *
     * @param intentEnd exclusive end of what is being delivered, null if nothing is
     * @param untouched whether nothing of the intent can have reached the target yet
     * @param limit how many records the target takes at once, null if it has refused no number of them
     * @param growing whether it is time to try more than that
     */
    record Backlog(
            @Nullable Long intentEnd,
            long records,
            long bytes,
            boolean untouched,
            @Nullable Integer limit,
            boolean growing) {
        static final Backlog NONE = new Backlog(null, 0, 0, false, null, false);
    }

    /**
     * A partition with something to deliver.
     *
     * @param due whether it is time
     * @param since when the oldest of its records was accepted, null where there are holes only
     * @param limit how many records the target takes at once, null if it has refused no number of them
     */
    record Waiting(
            String partition,
            long records,
            boolean due,
            @Nullable Instant since,
            @Nullable Integer limit) {}

    /** The place and size of a record. */
    record Head(long offset, long bytes) {}

    private final JdbcClient jdbc;

    BufferStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns a client that takes part in a transaction. */
    static JdbcClient client(Connection transaction) {
        return JdbcClient.create(new SingleConnectionDataSource(transaction, true));
    }

    /** Records of a partition and their bytes: those that are to be added, or all that wait. */
    record Growth(String partition, long records, long bytes) {}

    /**
     * Makes room in partitions of a sink, unless more than {@code maxBacklog} would wait; returns what waits in those
     * that have it, with what is to be added.
     */
    Map<String, Growth> grow(String sink, List<Growth> partitions, long maxBacklog, Engine engine) {
        Map<String, Growth> grown = new HashMap<>();
        growThoseThere(sink, partitions, maxBacklog, engine, grown);
        List<Growth> missing = partitions.stream()
                .filter(growth -> !grown.containsKey(growth.partition()))
                .toList();
        if (!missing.isEmpty()) {
            create(sink, missing.stream().map(Growth::partition).toList(), engine);
            growThoseThere(sink, missing, maxBacklog, engine, grown);
        }
        return grown;
    }

    private void growThoseThere(
            String sink, List<Growth> partitions, long maxBacklog, Engine engine, Map<String, Growth> grown) {
        if (engine.joint()) {
            grown(
                    jdbc.sql(GROW_SOME)
                            .params(
                                    column("text", partitions, Growth::partition),
                                    column("bigint", partitions, Growth::records),
                                    column("bigint", partitions, Growth::bytes),
                                    sink,
                                    maxBacklog),
                    grown);
        } else {
            partitions.forEach(growth -> grown(
                    jdbc.sql(GROW)
                            .params(
                                    growth.records(),
                                    growth.bytes(),
                                    sink,
                                    growth.partition(),
                                    growth.records(),
                                    maxBacklog),
                    grown));
        }
    }

    private static void grown(StatementSpec grow, Map<String, Growth> grown) {
        grow.query((row, number) -> new Growth(
                        row.getString("partition_id"), row.getLong("backlog_records"), row.getLong("backlog_bytes")))
                .list()
                .forEach(growth -> grown.put(growth.partition(), growth));
    }

    private void create(String sink, List<String> partitions, Engine engine) {
        if (engine.joint()) {
            jdbc.sql(CREATE_SOME)
                    .params(sink, column("text", partitions, partition -> partition))
                    .update();
        } else {
            partitions.forEach(
                    partition -> jdbc.sql(CREATE).params(sink, partition).update());
        }
    }

    private static <R> SqlArrayValue column(String type, List<R> rows, Function<R, Object> value) {
        return new SqlArrayValue(type, rows.stream().map(value).toArray());
    }

    /** Adds records, the n-th to the n-th partition. */
    void add(String sink, List<String> partitions, List<SinkRecord> records, Engine engine) {
        if (engine.unfolds()) {
            byte[][] values = records.stream().map(SinkRecord::toByteArray).toArray(byte[][]::new);
            jdbc.sql(ADD)
                    .params(
                            sink,
                            column("text", partitions, partition -> partition),
                            column("bigint", records, SinkRecord::offset),
                            new SqlArrayValue("bytea", (Object[]) values))
                    .update();
        } else {
            for (int from = 0; from < records.size(); from += Engine.VALUES_AT_A_TIME) {
                addValues(sink, partitions, records, from, Math.min(records.size(), from + Engine.VALUES_AT_A_TIME));
            }
        }
    }

    private void addValues(String sink, List<String> partitions, List<SinkRecord> records, int from, int to) {
        List<Object> parameters = new ArrayList<>();
        for (int i = from; i < to; i++) {
            parameters.addAll(List.of(
                    sink,
                    partitions.get(i),
                    records.get(i).offset(),
                    records.get(i).toByteArray()));
        }
        jdbc.sql(ADD_VALUES + Engine.values("(?, ?, ?, ?)", to - from))
                .params(parameters)
                .update();
    }

    /** Returns what waits in partitions, of those of which anything is known. */
    Map<String, Backlog> backlogs(String sink, List<String> partitions) {
        Map<String, Backlog> found = new HashMap<>();
        jdbc.sql(FIND_SOME)
                .params(sink, column("text", partitions, partition -> partition))
                .query((ResultSet row) -> {
                    found.put(row.getString("partition_id"), backlog(row));
                });
        return found;
    }

    private static Backlog backlog(ResultSet row) throws SQLException {
        return new Backlog(
                row.getObject("intent_end", Long.class),
                row.getLong("backlog_records"),
                row.getLong("backlog_bytes"),
                row.getBoolean("untouched"),
                row.getObject("batch_limit", Integer.class),
                row.getBoolean("growing"));
    }

    Backlog backlog(PartitionKey key) {
        Optional<Backlog> found = jdbc.sql(FIND)
                .params(key.sink(), key.partition())
                .query((row, number) -> backlog(row))
                .optional();
        return found.orElse(Backlog.NONE);
    }

    /** Fixes what is delivered next, right before it is handed on. */
    void intend(PartitionKey key, long end) {
        jdbc.sql(CREATE).params(key.sink(), key.partition()).update();
        intend(key, end, false);
    }

    /** Changes what is delivered next, or what is known of it. */
    void intend(PartitionKey key, long end, boolean untouched) {
        jdbc.sql(SET_INTENT).params(end, untouched, key.sink(), key.partition()).update();
    }

    /** Removes what was delivered: everything below {@code end}. */
    void delivered(PartitionKey key, long end, long records, long bytes) {
        jdbc.sql(REMOVE_BELOW).params(key.sink(), key.partition(), end).update();
        settle(key, null, records, bytes);
    }

    /** Removes what was accepted at or above {@code offset}. */
    void removeFrom(PartitionKey key, long offset) {
        Backlog before = backlog(key);
        List<Head> removed = heads(key, offset, Integer.MAX_VALUE);
        jdbc.sql(REMOVE_FROM).params(key.sink(), key.partition(), offset).update();
        settle(
                key,
                before.intentEnd(),
                removed.size(),
                removed.stream().mapToLong(Head::bytes).sum());
    }

    private void settle(PartitionKey key, @Nullable Long intentEnd, long records, long bytes) {
        jdbc.sql(SETTLE)
                .params(Arrays.asList(
                        intentEnd, records, bytes, key.sink(), key.partition(), key.sink(), key.partition()))
                .update();
    }

    /** Returns the places of the first {@code limit} records at or above {@code from}. */
    List<Head> heads(PartitionKey key, long from, int limit) {
        return jdbc.sql(HEADS)
                .params(key.sink(), key.partition(), from, limit)
                .query((row, number) -> new Head(row.getLong("source_offset"), row.getLong("bytes")))
                .list();
    }

    /** Returns the records of {@code [from, to)}. */
    List<SinkRecord> records(PartitionKey key, long from, long to) {
        return jdbc.sql(RECORDS)
                .params(key.sink(), key.partition(), from, to)
                .query((row, number) -> new SinkRecord(row.getLong("source_offset"), row.getBytes("data")))
                .list();
    }

    /** Returns the sink's partitions that have something to deliver, of those that are named, if any are. */
    List<Waiting> waiting(
            String sink, @Nullable List<String> partitions, int batchSize, long batchBytes, Duration interval) {
        SqlArrayValue named = partitions == null ? null : column("text", partitions, partition -> partition);
        return jdbc.sql(DUE)
                .params(Arrays.asList(batchSize, batchBytes, interval.toString(), sink, named, named))
                .query((row, number) -> new Waiting(
                        row.getString("partition_id"),
                        row.getLong("backlog_records"),
                        row.getBoolean("due"),
                        instant(row.getObject("waiting_since", OffsetDateTime.class)),
                        row.getObject("batch_limit", Integer.class)))
                .list();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Returns the number of a sink's records that wait. */
    long waiting(String sink) {
        return jdbc.sql(WAITING).param(sink).query(Long.class).single();
    }

    /** Returns what a sink, or one of its partitions, has accepted and not delivered yet. */
    Left left(String sink, @Nullable String partition) {
        return jdbc.sql(LEFT)
                .params(Arrays.asList(sink, partition, partition))
                .query((row, number) -> new Left(row.getLong("partitions"), row.getLong("records")))
                .single();
    }

    /** Forgets everything of a sink. */
    void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
        jdbc.sql(FORGET_DELIVERY).param(sink).update();
    }
}
