package dev.sluice.snapshot;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Which of a sink's partitions are in which state, by their rows. Reads only, and takes no lock. */
@Repository
public class PartitionStates {

    private static final String USED = "version > 0 and (fencing_token = 0 or opened_at is not null)";
    private static final String OPENED = "fencing_token > 0 and opened_at is not null";
    private static final String LAGGING = "next_offset > coalesce(delivered_offset, 0)";

    /* No index: each of these columns changes with every batch, whose update would not stay on its page any more. */
    private static final String FIND = "select partition_id from sluice.snapshot where sink = ? and " + USED
            + " and (not ? or " + OPENED + ") and (not ? or " + LAGGING + ")"
            // Worked out once, and not for each row.
            + " and (?::text is null or updated_at <= (select now() - ?::interval))";
    private static final String FIND_FIRST = FIND + " limit ?";
    private static final String FIND_AMONG = FIND + " and partition_id = any(?)";

    private static final String TOTALS = "select count(*) as used, count(*) filter (where " + OPENED + ") as opened,"
            + " count(*) filter (where updated_at > (select now() - interval '10 minutes')) as active,"
            + " count(*) filter (where " + LAGGING + ") as lagging"
            + " from sluice.snapshot where sink = ? and " + USED;

    /**
     * What the row of a partition has to say. One that was neither written to nor opened since its sink was last
     * deleted is never meant.
     *
     * @param opened whether a writer has to have opened it
     * @param lagging whether something of it has to be undelivered; of a buffer only
     * @param idleLongerThan how long it must not have been written to or opened, null for whatever time
     */
    public record Condition(
            boolean opened, boolean lagging, @Nullable Duration idleLongerThan) {}

    /**
     * How many partitions of a sink are in which state.
     *
     * @param used written to or opened
     * @param opened by a writer
     * @param active written to or opened within the last ten minutes
     * @param lagging with something that is not delivered yet; of a buffer only
     */
    public record Totals(long used, long opened, long active, long lagging) {}

    private final JdbcClient jdbc;

    PartitionStates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the names of {@code limit} partitions for which the condition holds, in no order; fewer if that is all. */
    public List<String> first(String sink, Condition condition, int limit) {
        return jdbc.sql(FIND_FIRST)
                .params(parameters(sink, condition, limit))
                .query(String.class)
                .list();
    }

    /** Returns those of {@code partitions} for which the condition holds, in no order. */
    public List<String> among(String sink, Condition condition, Collection<String> partitions) {
        return jdbc.sql(FIND_AMONG)
                .params(parameters(sink, condition, new SqlArrayValue("text", partitions.toArray())))
                .query(String.class)
                .list();
    }

    private static List<@Nullable Object> parameters(String sink, Condition condition, Object last) {
        Duration idle = condition.idleLongerThan();
        String interval = idle == null ? null : idle.toString();
        return Arrays.asList(sink, condition.opened(), condition.lagging(), interval, interval, last);
    }

    /** Counts, with one statement that reads all rows of the sink. */
    public Totals totals(String sink) {
        return jdbc.sql(TOTALS)
                .param(sink)
                .query((row, number) -> new Totals(
                        row.getLong("used"), row.getLong("opened"), row.getLong("active"), row.getLong("lagging")))
                .single();
    }
}
