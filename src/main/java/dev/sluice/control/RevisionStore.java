package dev.sluice.control;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The number of the last change of what all replicas keep in memory, and how far each has come. */
@Repository
class RevisionStore {

    private static final String REVISION = """
            select revision, (select control_revision from sluice.replica where id = ?) as seen,
                   (select count(*) from sluice.replica where alive_until > clock_timestamp()) as alive
              from sluice.control_revision""";

    private static final String LOCK = "select revision from sluice.control_revision for update";

    private static final String RAISE = "update sluice.control_revision set revision = revision + 1 returning revision";

    private static final String SEE = "update sluice.replica set control_revision = ? where id = ?";

    private static final String SEEN = """
            select count(*) filter (where control_revision >= ?) as seen, count(*) as alive
              from sluice.replica
             where alive_until > clock_timestamp()""";

    /**
     * How far the changes have come.
     *
     * @param last the number of the last one
     * @param seen of the last one that a process has said to have seen; null if it has given no sign of life
     * @param alive how many processes give signs of life
     */
    record Revision(long last, @Nullable Long seen, int alive) {}

    private final JdbcClient jdbc;

    RevisionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Revision revision(String replica) {
        return jdbc.sql(REVISION)
                .param(replica)
                .query((row, number) ->
                        new Revision(row.getLong("revision"), row.getObject("seen", Long.class), row.getInt("alive")))
                .single();
    }

    /** Keeps others from changing anything until the transaction ends. */
    void lock() {
        jdbc.sql(LOCK).query(Long.class).single();
    }

    /** Counts a change; returns its number. */
    long raise() {
        return jdbc.sql(RAISE).query(Long.class).single();
    }

    /** Says that a process has seen a change. */
    void see(String replica, long revision) {
        jdbc.sql(SEE).params(revision, replica).update();
    }

    /** Returns how many of the living processes have seen a change. */
    Effect effect(long revision) {
        return jdbc.sql(SEEN)
                .param(revision)
                .query((row, number) -> new Effect(row.getInt("seen"), row.getInt("alive")))
                .single();
    }
}
