package dev.sluice.table;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Who keeps others from writing to a table, by name. Thread-safe; asks with one connection at a time. */
final class LockHolders {

    private static final Logger log = LoggerFactory.getLogger(LockHolders.class);

    private static final String SOMEBODY = "somebody who has ended by now; try again";

    /* Who waits for such a lock is in the way as well: all others queue behind. */
    private static final String HOLDERS = """
            select l.pid, l.mode, l.granted, coalesce(a.application_name, '') as application,
                   coalesce(a.usename, '') as role, left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 100) as query,
                   extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.query_start, clock_timestamp()))::bigint
                       as seconds
              from pg_locks l left join pg_stat_activity a on a.pid = l.pid
             where l.locktype = 'relation'
               and l.relation in (select to_regclass(?)::oid union all
                                  select relid::oid from pg_partition_tree(to_regclass(?)))
               and (l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') or ?)
             order by l.granted desc, seconds desc limit 3""";

    private final JdbcClient jdbc;
    private final TransactionTemplate apart;
    private final Semaphore oneAtATime = new Semaphore(1);

    LockHolders(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.apart = new TransactionTemplate(transactions);
        // The transaction that has met the lock has failed, and answers no question any more.
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        apart.setReadOnly(true);
    }

    /** Returns who locks the table against rows, in words. */
    String of(TableName table) {
        return of(table, false);
    }

    /** Returns who locks the table against being altered, in words: whoever reads it does. */
    String ofAny(TableName table) {
        return of(table, true);
    }

    private String of(TableName table, boolean any) {
        if (!oneAtATime.tryAcquire()) {
            return "somebody; another batch of this sink was told who it is";
        }
        try {
            List<String> holders = apart.execute(status -> jdbc.sql(HOLDERS)
                    .params(table.quoted(), table.quoted(), any)
                    .query((row, number) -> describe(
                            row.getInt("pid"),
                            row.getString("role"),
                            row.getString("application"),
                            row.getString("mode"),
                            row.getBoolean("granted"),
                            Duration.ofSeconds(row.getLong("seconds")),
                            row.getString("query")))
                    .list());
            return holders == null || holders.isEmpty() ? SOMEBODY : String.join("; and by ", holders);
        } catch (DataAccessException | TransactionException e) {
            log.debug("Who locks {} cannot be asked", table, e);
            return "somebody (who it is could not be asked: " + e.getMessage() + ")";
        } finally {
            oneAtATime.release();
        }
    }

    private static String describe(
            int pid, String role, String application, String mode, boolean granted, Duration since, String query) {
        return "process " + pid + " (" + (role.isEmpty() ? "role unknown" : role)
                + (application.isEmpty() ? "" : ", " + application) + "), which " + (granted ? "holds " : "waits for ")
                + mode + " for " + since.toSeconds() + " s" + (query.isEmpty() ? "" : ": " + query);
    }
}
