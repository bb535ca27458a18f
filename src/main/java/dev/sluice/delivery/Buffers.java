package dev.sluice.delivery;

import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What whoever deletes a sink has to know of its buffer. */
@Repository
public class Buffers {

    private static final String UNDELIVERED = """
            select sink, sum(backlog_records) as records, min(waiting_since) as since from sluice.delivery
             where backlog_records > 0 and waiting_since is not null group by sink""";

    /**
     * What a sink has accepted and not delivered yet.
     *
     * @param records at least one
     * @param since when the oldest of them was accepted
     */
    public record Undelivered(long records, Instant since) {}

    /**
     * What is accepted and not delivered yet.
     *
     * @param partitions in which something is; it may be holes only
     */
    public record Left(long partitions, long records) {

        /** Whether all is delivered. */
        public boolean nothing() {
            return partitions == 0;
        }
    }

    private final JdbcClient jdbc;
    private final BufferStore buffer;

    Buffers(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.buffer = new BufferStore(jdbc);
    }

    /** Returns the number of records that a sink has accepted and not delivered yet. */
    public long waiting(String sink) {
        return buffer.waiting(sink);
    }

    /** Returns what a sink, or one of its partitions, has accepted and not delivered yet. */
    public Left left(String sink, @Nullable String partition) {
        return buffer.left(sink, partition);
    }

    /** Returns what waits in each buffer that has something to deliver, by sink. */
    public Map<String, Undelivered> undelivered() {
        Map<String, Undelivered> found = new HashMap<>();
        jdbc.sql(UNDELIVERED).query((ResultSet row) -> {
            OffsetDateTime since = row.getObject("since", OffsetDateTime.class);
            found.put(row.getString("sink"), new Undelivered(row.getLong("records"), since.toInstant()));
        });
        return found;
    }

    /** Forgets what a sink has accepted; returns how many records of it were not delivered yet. */
    public long forget(String sink) {
        long waiting = buffer.waiting(sink);
        buffer.forget(sink);
        return waiting;
    }
}
