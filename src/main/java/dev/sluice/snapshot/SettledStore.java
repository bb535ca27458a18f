package dev.sluice.snapshot;

import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Which offsets are settled in partitions that take them in any order; used under the lock of the snapshot row. */
@Repository
public class SettledStore {

    private static final String READ = """
            select lower(range) as first, upper(range) as end
              from sluice.settled, unnest(ranges) as range
             where sink = ? and partition_id = ?""";
    private static final String READ_SOME = """
            select partition_id, lower(range) as first, upper(range) as end
              from sluice.settled, unnest(ranges) as range
             where sink = ? and partition_id = any (?)""";
    private static final String WRITE = """
            insert into sluice.settled (sink, partition_id, ranges) values (?, ?, ?::int8multirange)
            on conflict (sink, partition_id) do update set ranges = excluded.ranges""";
    private static final String FORGET = "delete from sluice.settled where sink = ?";

    private final JdbcClient jdbc;

    SettledStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the settled offsets of a partition. */
    public OffsetRanges read(PartitionKey key) {
        return OffsetRanges.of(jdbc.sql(READ)
                .params(key.sink(), key.partition())
                .query((row, number) -> new OffsetRange(row.getLong("first"), row.getLong("end")))
                .list());
    }

    /** Returns the settled offsets of partitions, of those that have any. */
    public Map<String, OffsetRanges> read(String sink, List<String> partitions) {
        Map<String, OffsetRanges> settled = new HashMap<>();
        jdbc.sql(READ_SOME)
                .params(sink, new SqlArrayValue("text", partitions.toArray()))
                .query((ResultSet row) -> {
                    settled.computeIfAbsent(row.getString("partition_id"), partition -> new OffsetRanges())
                            .add(new OffsetRange(row.getLong("first"), row.getLong("end")));
                });
        return settled;
    }

    /** Stores the settled offsets of a partition, in the transaction that commits their records. */
    public void write(PartitionKey key, OffsetRanges settled) {
        jdbc.sql(WRITE).params(key.sink(), key.partition(), settled.toString()).update();
    }

    /** Forgets all that is known of a sink. */
    public void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
    }
}
