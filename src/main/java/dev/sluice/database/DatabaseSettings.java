package dev.sluice.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What decides the worth of an acknowledgement, as a transaction of the service has it.
 *
 * @param standbys the standbys that a commit waits for, empty for none
 */
record DatabaseSettings(
        String fsync,
        String synchronousCommit,
        String fullPageWrites,
        String standbys,
        String isolation,
        boolean readOnly,
        boolean inRecovery,
        String server) {

    // Each may be unknown to an engine that only speaks PostgreSQL's protocol, and is no finding then.
    private static final String SETTINGS = """
            SELECT coalesce(current_setting('fsync', true), '')                        AS fsync,
                   coalesce(current_setting('synchronous_commit', true), '')           AS synchronous_commit,
                   coalesce(current_setting('full_page_writes', true), '')             AS full_page_writes,
                   coalesce(current_setting('synchronous_standby_names', true), '')    AS standbys,
                   coalesce(current_setting('transaction_isolation', true), '')        AS isolation,
                   coalesce(current_setting('transaction_read_only', true), '') = 'on' AS read_only,
                   pg_is_in_recovery()                                                 AS in_recovery,
                   current_setting('server_version')                                   AS server
            """;

    /** Reads them in a transaction on a connection of the pool: neither the URL nor the role says what these have. */
    static DatabaseSettings read(DataSource pool, Sessions sessions) {
        TransactionTemplate transaction = new TransactionTemplate(new CertainCommits(pool, sessions));
        return Objects.requireNonNull(transaction.execute(status -> JdbcClient.create(pool)
                .sql(SETTINGS)
                .query((row, number) -> of(row))
                .single()));
    }

    private static DatabaseSettings of(ResultSet row) throws SQLException {
        return new DatabaseSettings(
                row.getString("fsync"),
                row.getString("synchronous_commit"),
                row.getString("full_page_writes"),
                row.getString("standbys"),
                row.getString("isolation"),
                row.getBoolean("read_only"),
                row.getBoolean("in_recovery"),
                row.getString("server").split(" ", 2)[0]);
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (inRecovery) {
            findings.add(new Finding(Flaw.IN_RECOVERY, "the database server is a standby in recovery"));
        } else if (readOnly) {
            findings.add(new Finding(Flaw.READ_ONLY, "the service's transactions in the database are read-only"));
        }
        if (fsync.equals("off")) {
            findings.add(new Finding(Flaw.FSYNC_OFF, "the database server has fsync off"));
        }
        if (synchronousCommit.equals("off")) {
            findings.add(new Finding(
                    Flaw.SYNCHRONOUS_COMMIT_OFF,
                    "the service's connections to the database have synchronous_commit off"));
        }
        if (fullPageWrites.equals("off")) {
            findings.add(new Finding(Flaw.FULL_PAGE_WRITES_OFF, "the database server has full_page_writes off"));
        }
        if (!isolation.isEmpty() && !isolation.equals("read committed")) {
            findings.add(new Finding(Flaw.ISOLATION, "the isolation of the service's transactions is " + isolation));
        }
        return findings;
    }

    /** Returns what an acknowledged record survives. */
    String survives() {
        if (inRecovery || readOnly) {
            return "nothing: the database takes no writes";
        }
        if (synchronousCommit.equals("off")) {
            return "nothing: synchronous_commit is off";
        }
        if (!standbys.isEmpty() && !synchronousCommit.equals("local")) {
            return "host loss";
        }
        return fsync.equals("off") || fullPageWrites.equals("off")
                ? "process kill"
                : "process kill and power loss of this host";
    }
}
