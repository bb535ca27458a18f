package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.delivery.BufferStore.Head;
import dev.sluice.sink.Engine;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * What {@link BufferStore} knows of one partition, for many of one sink at once. Engines that cannot do that ask
 * partition by partition.
 */
final class ParcelStore {

    private static final String HEADS = """
            select r.partition_id, b.source_offset, b.bytes
              from unnest(?::text[], ?::bigint[], ?::integer[]) as r (partition_id, first, most),
                   lateral (select source_offset, octet_length(data) as bytes from sluice.buffer
                             where sink = ? and partition_id = r.partition_id and source_offset >= r.first
                             order by source_offset limit r.most) as b
             order by r.partition_id, b.source_offset""";
    private static final String RECORDS = """
            select r.partition_id, b.source_offset, b.data
              from unnest(?::text[], ?::bigint[], ?::bigint[]) as r (partition_id, first, next),
                   lateral (select source_offset, data from sluice.buffer
                             where sink = ? and partition_id = r.partition_id
                               and source_offset >= r.first and source_offset < r.next
                             order by source_offset) as b""";
    private static final String CREATE = """
            insert into sluice.delivery (sink, partition_id) select ?, unnest(?::text[])
            on conflict (sink, partition_id) do nothing""";
    private static final String SET_INTENTS = """
            update sluice.delivery d set intent_end = r.intent_end, intent_untouched = false
              from unnest(?::text[], ?::bigint[]) as r (partition_id, intent_end)
             where d.sink = ? and d.partition_id = r.partition_id""";
    private static final String REMOVE = """
            delete from sluice.buffer b using unnest(?::text[], ?::bigint[]) as r (partition_id, next)
             where b.sink = ? and b.partition_id = r.partition_id and b.source_offset < r.next""";
    private static final String SETTLE = """
            update sluice.delivery d
               set intent_end = null, backlog_records = d.backlog_records - r.records,
                   backlog_bytes = d.backlog_bytes - r.bytes,
                   waiting_since = (select accepted_at from sluice.buffer
                                     where sink = d.sink and partition_id = d.partition_id
                                     order by source_offset limit 1)
              from unnest(?::text[], ?::bigint[], ?::bigint[]) as r (partition_id, records, bytes)
             where d.sink = ? and d.partition_id = r.partition_id""";

    /** From where, and how many at most. */
    record Wanted(String partition, long from, int most) {}

    private final JdbcClient jdbc;
    private final BufferStore buffer;
    private final Engine engine;

    ParcelStore(JdbcClient jdbc, Engine engine) {
        this.jdbc = jdbc;
        this.buffer = new BufferStore(jdbc);
        this.engine = engine;
    }

    /** Returns what waits in each partition, {@link Backlog#NONE} where nothing is known. */
    Map<String, Backlog> backlogs(String sink, List<String> partitions) {
        Map<String, Backlog> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, Backlog.NONE));
        found.putAll(buffer.backlogs(sink, partitions));
        return found;
    }

    /** Returns the places of the first records of each partition. */
    Map<String, List<Head>> heads(String sink, List<Wanted> wanted) {
        Map<String, List<Head>> heads = new HashMap<>();
        wanted.forEach(row -> heads.put(row.partition(), new ArrayList<>()));
        if (!engine.joint()) {
            wanted.forEach(row ->
                    heads.put(row.partition(), buffer.heads(key(sink, row.partition()), row.from(), row.most())));
            return heads;
        }
        jdbc.sql(HEADS)
                .params(
                        column("text", wanted, Wanted::partition),
                        column("bigint", wanted, Wanted::from),
                        column("integer", wanted, Wanted::most),
                        sink)
                .query((ResultSet row) -> {
                    heads.computeIfAbsent(row.getString("partition_id"), partition -> new ArrayList<>())
                            .add(new Head(row.getLong("source_offset"), row.getLong("bytes")));
                });
        return heads;
    }

    /** Returns the records of each intent. */
    Map<String, List<SinkRecord>> records(String sink, Map<String, Intent> intents) {
        Map<String, List<SinkRecord>> records = new HashMap<>();
        intents.keySet().forEach(partition -> records.put(partition, new ArrayList<>()));
        if (!engine.joint()) {
            intents.forEach((partition, intent) ->
                    records.put(partition, buffer.records(key(sink, partition), intent.from(), intent.end())));
            return records;
        }
        List<Map.Entry<String, Intent>> rows = List.copyOf(intents.entrySet());
        jdbc.sql(RECORDS)
                .params(
                        column("text", rows, Map.Entry::getKey),
                        column("bigint", rows, row -> row.getValue().from()),
                        column("bigint", rows, row -> row.getValue().end()),
                        sink)
                .query((ResultSet row) -> {
                    records.computeIfAbsent(row.getString("partition_id"), partition -> new ArrayList<>())
                            .add(new SinkRecord(row.getLong("source_offset"), row.getBytes("data")));
                });
        return records;
    }

    /** Fixes what is delivered next, right before it is handed on; it may arrive from then on. */
    void intend(String sink, Map<String, Intent> intents) {
        if (!engine.joint()) {
            intents.forEach((partition, intent) -> buffer.intend(key(sink, partition), intent.end()));
            return;
        }
        List<Map.Entry<String, Intent>> rows = List.copyOf(intents.entrySet());
        SqlArrayValue partitions = column("text", rows, Map.Entry::getKey);
        jdbc.sql(CREATE).params(sink, partitions).update();
        jdbc.sql(SET_INTENTS)
                .params(partitions, column("bigint", rows, row -> row.getValue().end()), sink)
                .update();
    }

    /** Removes what was delivered. */
    void delivered(String sink, List<Parcel> parcels) {
        if (!engine.joint()) {
            parcels.forEach(parcel -> buffer.delivered(
                    parcel.key(), parcel.intent().end(), parcel.records().size(), parcel.bytes()));
            return;
        }
        SqlArrayValue partitions =
                column("text", parcels, parcel -> parcel.key().partition());
        jdbc.sql(REMOVE)
                .params(
                        partitions,
                        column("bigint", parcels, parcel -> parcel.intent().end()),
                        sink)
                .update();
        jdbc.sql(SETTLE)
                .params(
                        partitions,
                        column("bigint", parcels, parcel ->
                                (long) parcel.records().size()),
                        column("bigint", parcels, Parcel::bytes),
                        sink)
                .update();
    }

    private static <R> SqlArrayValue column(String type, List<R> rows, Function<R, Object> value) {
        return new SqlArrayValue(type, rows.stream().map(value).toArray());
    }

    private static PartitionKey key(String sink, String partition) {
        return new PartitionKey(sink, partition);
    }
}
