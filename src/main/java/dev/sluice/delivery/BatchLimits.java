package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.snapshot.PartitionKey;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many records a target takes at once that has refused more. All under the lock of the snapshot row; touches nothing
 * while the target takes what the definition says.
 */
final class BatchLimits {

    /* Only a trial that failed makes the pause longer, not the steps that led to the first limit. */
    private static final String PAUSE = """
            case when batch_limit is not null and grow_at is null
                 then least(coalesce(grow_pause, interval '1 minute') * 2, interval '1 hour')
                 else coalesce(grow_pause, interval '1 minute') end""";
    private static final String CUT = "update sluice.delivery set intent_end = ?, intent_untouched = true,"
            + " batch_limit = ?, grow_pause = " + PAUSE + ", grow_at = now() + " + PAUSE
            + " where sink = ? and partition_id = ?";
    private static final String GROW =
            "update sluice.delivery set batch_limit = ?, grow_at = null where sink = ? and partition_id = ?";
    private static final String PROVEN = """
            update sluice.delivery set grow_at = now() + interval '1 minute', grow_pause = interval '1 minute'
             where sink = ? and partition_id = ? and grow_at is null""";
    private static final String FORGET = """
            update sluice.delivery set batch_limit = null, grow_at = null, grow_pause = null
             where sink = ? and partition_id = ?""";

    private final JdbcClient jdbc;

    BatchLimits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Puts a smaller intent in the place of the one that was refused, and keeps its size as the limit. */
    void cut(PartitionKey key, long end, int limit) {
        jdbc.sql(CUT).params(end, limit, key.sink(), key.partition()).update();
    }

    /** Returns how many records the next intent may have; after a while twice as many as before. */
    int next(PartitionKey key, Backlog backlog, int batchSize) {
        Integer limit = backlog.limit();
        if (limit == null) {
            return batchSize;
        }
        if (!backlog.growing()) {
            return Math.min(limit, batchSize);
        }
        int grown = (int) Math.min(2L * limit, batchSize);
        jdbc.sql(GROW).params(grown, key.sink(), key.partition()).update();
        return grown;
    }

    /** Remembers that the target took so many records. */
    void taken(PartitionKey key, Backlog backlog, int records, int batchSize) {
        Integer limit = backlog.limit();
        if (limit != null && records >= limit) {
            jdbc.sql(limit >= batchSize ? FORGET : PROVEN)
                    .params(key.sink(), key.partition())
                    .update();
        }
    }
}
