package dev.sluice.delivery;

import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.ReadableSink.Excerpt;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Reads records that wait in a buffer; those that were delivered are gone from it. */
final class BufferReader {

    private static final String READ = """
            select v.i, r.source_offset, octet_length(r.data) as bytes, substring(r.data from 1 for ?) as data
              from unnest(?::bigint[]) with ordinality as v (start, i)
             cross join lateral (
                      (select source_offset, data from sluice.buffer
                        where sink = ? and partition_id = ? and source_offset >= v.start and source_offset < ?
                        order by source_offset limit ?)
                      union
                      (select source_offset, data from sluice.buffer
                        where sink = ? and partition_id = ? and source_offset >= v.start and source_offset < ?
                        order by source_offset desc limit ?)) as r
             order by v.i, r.source_offset""";

    private static final int MOST_SECONDS = 2;

    private final JdbcClient jdbc;
    private final String sink;

    BufferReader(JdbcClient jdbc, String sink) {
        this.jdbc = jdbc;
        this.sink = sink;
    }

    List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
        List<List<Excerpt>> found = new ArrayList<>();
        positions.forEach(position -> found.add(new ArrayList<>()));
        jdbc.sql(READ)
                .withQueryTimeout(MOST_SECONDS)
                .params(
                        ReadableSink.MOST_OF_A_RECORD,
                        new SqlArrayValue("bigint", positions.toArray()),
                        sink,
                        partition,
                        end,
                        most - most / 2,
                        sink,
                        partition,
                        end,
                        most / 2)
                .query((ResultSet row) -> {
                    long bytes = row.getLong("bytes");
                    found.get(row.getInt("i") - 1)
                            .add(new Excerpt(
                                    row.getLong("source_offset"),
                                    row.getLong("source_offset"),
                                    new String(row.getBytes("data"), StandardCharsets.UTF_8),
                                    bytes,
                                    bytes <= ReadableSink.MOST_OF_A_RECORD));
                });
        return found;
    }
}
