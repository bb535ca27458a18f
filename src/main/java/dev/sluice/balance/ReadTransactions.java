package dev.sluice.balance;

import dev.sluice.commit.FailureClassifier;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemException;
import dev.sluice.problem.ProblemType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that only read, and see one moment from their first statement on. */
@Component
class ReadTransactions {

    private static final String MAY_BE_LONG = """
            select set_config('statement_timeout', '10min', true),
                   set_config('idle_in_transaction_session_timeout', '11min', true)""";

    /* Longer than a statement may take, or the driver gives up and the server goes on. */
    private static final int LONGEST_WAIT_MILLIS = 660_000;

    private final JdbcClient jdbc;
    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final Semaphore oneThatIsLong = new Semaphore(1);

    ReadTransactions(JdbcClient jdbc, DataSource dataSource, PlatformTransactionManager manager) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
        this.transactions = new TransactionTemplate(manager);
        transactions.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        transactions.setReadOnly(true);
    }

    /** Runs what takes milliseconds. */
    <T> T run(Function<Connection, T> work) {
        try {
            return Objects.requireNonNull(
                    transactions.execute(status -> work.apply(DataSourceUtils.getConnection(dataSource))));
        } catch (ProblemException | AbandonedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }

    /** Runs what may take minutes: one at a time, so that writers have the other connections. */
    <T> T runLong(Function<Connection, T> work) {
        if (!oneThatIsLong.tryAcquire()) {
            throw Problem.of(
                            ProblemType.BUSY,
                            "another target is being compared or counted, which may take minutes; this replica does one"
                                    + " at a time, so that writers have the other connections. Try again when it has"
                                    + " ended")
                    .retryAfter(5)
                    .exception();
        }
        try {
            return run(connection -> {
                jdbc.sql(MAY_BE_LONG).query().singleRow();
                return patiently(connection, work);
            });
        } finally {
            oneThatIsLong.release();
        }
    }

    private static <T> T patiently(Connection connection, Function<Connection, T> work) {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, LONGEST_WAIT_MILLIS);
            try {
                return work.apply(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the connection is gone", e);
        }
    }
}
