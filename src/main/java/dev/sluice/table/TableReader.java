package dev.sluice.table;

import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.ReadableSink.Excerpt;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Reads rows of a table back by their offsets, which its key makes cheap. */
final class TableReader {

    private static final String READ = """
            select v.i, r.source_offset, octet_length(r.value) as bytes, left(r.value, ?) as value
              from unnest(?::bigint[]) with ordinality as v (start, i)
             cross join lateral (
                      (select source_offset, ${value} as value from ${table} as t
                        where partition_id = ? and source_offset >= v.start and source_offset < ?
                        order by source_offset limit ?)
                      union
                      (select source_offset, ${value} as value from ${table} as t
                        where partition_id = ? and source_offset >= v.start and source_offset < ?
                        order by source_offset desc limit ?)) as r
             order by v.i, r.source_offset""";

    private static final int MOST_SECONDS = 2;

    private final JdbcClient jdbc;
    private final String sql;

    TableReader(JdbcClient jdbc, TableName table, RowLayout layout) {
        this.jdbc = jdbc;
        String value = layout.mapped()
                ? "(to_jsonb(t) - '" + RowLayout.PARTITION + "' - '" + RowLayout.OFFSET + "')::text"
                : "t." + RowLayout.DATA + "::text";
        this.sql = READ.replace("${value}", value).replace("${table}", table.quoted());
    }

    List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
        List<List<Excerpt>> found = new ArrayList<>();
        positions.forEach(position -> found.add(new ArrayList<>()));
        jdbc.sql(sql)
                .withQueryTimeout(MOST_SECONDS)
                .params(
                        ReadableSink.MOST_OF_A_RECORD,
                        new SqlArrayValue("bigint", positions.toArray()),
                        partition,
                        end,
                        most - most / 2,
                        partition,
                        end,
                        most / 2)
                .query((ResultSet row) -> {
                    String value = row.getString("value");
                    found.get(row.getInt("i") - 1)
                            .add(new Excerpt(
                                    row.getLong("source_offset"),
                                    row.getLong("source_offset"),
                                    value,
                                    row.getLong("bytes"),
                                    value.length() < ReadableSink.MOST_OF_A_RECORD));
                });
        return found;
    }
}
