package dev.sluice.telemetry;

import dev.sluice.telemetry.Numbers.Buffered;
import dev.sluice.telemetry.Numbers.DeadLetters;
import dev.sluice.telemetry.Numbers.Used;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Asks the database for numbers, in one statement for all that change often. */
@Repository
class NumbersStore {

    /* A row of a kind: name, and numbers that mean something else for each kind. */
    private static final String NUMBERS = """
            select 'buffer' as kind, sink as name, sum(backlog_records) as first, sum(backlog_bytes) as second,
                   coalesce(extract(epoch from clock_timestamp() - min(waiting_since)), 0) as third,
                   max(backlog_records) as fourth
              from sluice.delivery where backlog_records > 0 group by sink
            union all
            select 'partitions', sink, count(*) filter (where updated_at > now() - interval '10 minutes'),
                   count(*) filter (where opened_at is not null), 0, 0
              from sluice.snapshot where version > 0 group by sink
            union all
            select 'dead letters', sink, count(*), 0,
                   extract(epoch from clock_timestamp() - min(refused_at)), 0
              from sluice.dead_letter where state in ('open', 'sending') group by sink
            union all
            select 'replicas', coalesce(min(id), ''), count(*), 0, 0, 0
              from sluice.replica where alive_until > clock_timestamp()""";

    /* The first histogram bound stands for the oldest receipt where looking at all of them would take long. */
    private static final String SIZES = """
            select pg_database_size(current_database()) as database,
                   pg_total_relation_size('sluice.receipt') as receipts,
                   extract(epoch from clock_timestamp() - case
                       when pg_relation_size('sluice.receipt') < 64 * 1024 * 1024
                       then (select min(committed_at) from sluice.receipt)
                       else (select (histogram_bounds::text::timestamptz[])[1] from pg_stats
                              where schemaname = 'sluice' and tablename = 'receipt' and attname = 'committed_at')
                   end) as oldest""";

    private static final String TARGETS = """
            select t.sink, coalesce((select sum(pg_total_relation_size(p.relid)) from pg_partition_tree(c.oid) p),
                                    pg_total_relation_size(c.oid)) as bytes
              from (select sink, substring(identity from '^table .* \\(oid (\\d+),')::oid as oid from sluice.target) t
              join pg_class c on c.oid = t.oid""";

    private static final int SECONDS = 5;
    private static final int SECONDS_FOR_SIZES = 20;

    private final JdbcTemplate quick;
    private final JdbcTemplate patient;

    NumbersStore(DataSource dataSource) {
        this.quick = template(dataSource, SECONDS);
        this.patient = template(dataSource, SECONDS_FOR_SIZES);
    }

    private static JdbcTemplate template(DataSource dataSource, int seconds) {
        JdbcTemplate template = new JdbcTemplate(dataSource);
        template.setQueryTimeout(seconds);
        return template;
    }

    /** Asks for what changes often; looks at the row of every partition. */
    Numbers numbers() {
        Map<String, Buffered> buffers = new HashMap<>();
        Map<String, Used> partitions = new HashMap<>();
        Map<String, DeadLetters> deadLetters = new HashMap<>();
        long[] replicas = new long[1];
        String[] measuring = {""};
        quick.query(NUMBERS, (ResultSet row) -> {
            String name = row.getString("name");
            long first = row.getLong("first");
            long second = row.getLong("second");
            switch (row.getString("kind")) {
                case "buffer" ->
                    buffers.put(name, new Buffered(first, second, row.getDouble("third"), row.getLong("fourth")));
                case "dead letters" -> deadLetters.put(name, new DeadLetters(first, row.getDouble("third")));
                case "partitions" -> partitions.put(name, new Used(first, second));
                default -> {
                    replicas[0] = first;
                    measuring[0] = name;
                }
            }
        });
        return new Numbers(
                Map.copyOf(buffers), Map.copyOf(partitions), Map.copyOf(deadLetters), replicas[0], measuring[0]);
    }

    /** Asks for what grows, and takes long to measure. */
    Sizes sizes() {
        Map<String, Long> targets = new HashMap<>();
        patient.query(TARGETS, (ResultSet row) -> {
            targets.put(row.getString("sink"), row.getLong("bytes"));
        });
        return patient.query(SIZES, rows -> {
            rows.next();
            return new Sizes(
                    rows.getLong("database"), rows.getLong("receipts"), rows.getDouble("oldest"), Map.copyOf(targets));
        });
    }
}
