package dev.sluice.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the trail. */
@Repository
public class AuditPages {

    private static final String LIST = """
            select id, at, actor, from_address, action, sink, partition_id, request::text as request,
                   before::text as before, after::text as after, outcome, reason, trace_id
              from sluice.audit
             where id < ?
               and (?::text is null or sink = ?) and (?::text is null or partition_id = ?)
               and (?::text is null or action = ?)
               and (?::timestamptz is null or at >= ?) and (?::timestamptz is null or at < ?)
             order by id desc
             limit ?""";

    /**
     * Which acts to list.
     *
     * @param below only those with a lower id
     * @param since only those at this time or later
     * @param until only those before this time
     */
    public record Wanted(
            long below,
            @Nullable String sink,
            @Nullable String partition,
            @Nullable String action,
            @Nullable Instant since,
            @Nullable Instant until,
            int limit) {}

    private final JdbcClient jdbc;

    AuditPages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns acts, the newest first. */
    public List<AuditEntry> list(Wanted wanted) {
        OffsetDateTime since = time(wanted.since());
        OffsetDateTime until = time(wanted.until());
        return jdbc.sql(LIST)
                .params(Arrays.asList(
                        wanted.below(),
                        wanted.sink(),
                        wanted.sink(),
                        wanted.partition(),
                        wanted.partition(),
                        wanted.action(),
                        wanted.action(),
                        since,
                        since,
                        until,
                        until,
                        wanted.limit()))
                .query(AuditPages::map)
                .list();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static AuditEntry map(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("from_address"),
                row.getString("action"),
                row.getString("sink"),
                row.getString("partition_id"),
                row.getString("request"),
                row.getString("before"),
                row.getString("after"),
                row.getString("outcome"),
                row.getString("reason"),
                row.getString("trace_id"));
    }
}
