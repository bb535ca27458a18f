package dev.sluice.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.HeuristicCompletionException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.FileSystemUtils;

class CertainCommitsIT {

    private static Path directory;
    private static DedicatedPostgres postgres;

    private HikariDataSource pool;
    private JdbcClient database;
    private TransactionTemplate transaction;

    @BeforeAll
    static void startServer() {
        directory = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(directory);
    }

    @AfterAll
    static void stopServer() throws Exception {
        postgres.close();
        FileSystemUtils.deleteRecursively(directory);
    }

    @BeforeEach
    void openPool() {
        pool = new HikariDataSource();
        pool.setJdbcUrl(postgres.url());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        // The same connection again and again, unless it was evicted.
        pool.setMaximumPoolSize(1);
        database = JdbcClient.create(pool);
        transaction = new TransactionTemplate(new CertainCommits(pool, SessionsForTests.sessions()));
        postgres.execute("DROP TABLE IF EXISTS fact");
        postgres.execute("CREATE TABLE fact (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void returnsWhenTheTransactionIsCommitted() {
        insert(1);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void doesNotKnowTheOutcomeWhenTheWaitForAStandbyIsCancelled() {
        postgres.loseStandby();
        try {
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> insert(1));
            await().until(() -> postgres.cancelTheWaitForTheStandby("true") == 1);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(commit::join)
                    .havingCause()
                    .isInstanceOfSatisfying(HeuristicCompletionException.class, this::isUnknown)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("01000"));
            // Committed here after all, which is why it may not be reported as failed either.
            assertThat(rows()).isEqualTo(1);
        } finally {
            postgres.forgetStandby();
        }
        // An old warning says nothing about a later commit on the same connection.
        insert(2);
    }

    @Test
    void doesNotKnowTheOutcomeWhenTheConnectionBreaks() {
        AtomicInteger completion = new AtomicInteger(-1);
        assertThatExceptionOfType(HeuristicCompletionException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    remember(completion);
                    database.sql("INSERT INTO fact VALUES (1)").update();
                    terminate(database.sql("SELECT pg_backend_pid()")
                            .query(Integer.class)
                            .single());
                }))
                .satisfies(this::isUnknown);
        assertThat(completion).hasValue(TransactionSynchronization.STATUS_UNKNOWN);
        // The broken connection has left the pool of one, at once.
        insert(2);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void knowsThatADeferredConstraintRolledBack() {
        insert(1);
        assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> insert(1));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void knowsThatAFailedTransactionRolledBack() {
        AtomicInteger completion = new AtomicInteger(-1);
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    remember(completion);
                    database.sql("INSERT INTO fact VALUES (1)").update();
                    try {
                        database.sql("SELECT 1/0").query().singleValue();
                    } catch (DataAccessException e) {
                        // Swallowed by mistake: COMMIT will answer ROLLBACK.
                    }
                }));
        assertThat(completion).hasValue(TransactionSynchronization.STATUS_ROLLED_BACK);
        assertThat(rows()).isZero();
    }

    @Test
    void takesANoticeForWhatItIs() {
        postgres.execute("""
                CREATE OR REPLACE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE NOTICE 'hello'; RETURN NULL; END $$""");
        postgres.execute("""
                CREATE CONSTRAINT TRIGGER says AFTER INSERT ON fact DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION say()""");
        insert(1);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void survivesAPowerFailureAfterTheCommit() {
        insert(1);
        postgres.stopImmediately();
        postgres.restart();
        try (HikariDataSource again = new HikariDataSource(pool)) {
            assertThat(JdbcClient.create(again)
                            .sql("SELECT id FROM fact")
                            .query(Integer.class)
                            .list())
                    .containsExactly(1);
        }
    }

    private void insert(int id) {
        transaction.executeWithoutResult(status ->
                database.sql("INSERT INTO fact VALUES (:id)").param("id", id).update());
    }

    private int rows() {
        return database.sql("SELECT count(*) FROM fact").query(Integer.class).single();
    }

    private void isUnknown(HeuristicCompletionException e) {
        assertThat(e.getOutcomeState()).isEqualTo(HeuristicCompletionException.STATE_UNKNOWN);
    }

    private static void remember(AtomicInteger completion) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                completion.set(status);
            }
        });
    }

    private static void terminate(int pid) {
        postgres.execute("SELECT pg_terminate_backend(" + pid + ", 10000)");
    }

    @Test
    void getsRidOfALostConnectionAtOnceHoweverOftenItIsAskedFor() throws SQLException {
        BaseConnection underneath;
        try (Connection connection = pool.getConnection()) {
            underneath = connection.unwrap(BaseConnection.class);
        }
        underneath.abort(Runnable::run);
        assertThatExceptionOfType(CannotCreateTransactionException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {}));
        transaction.executeWithoutResult(status -> assertThat(
                        database.sql("select 1").query(Integer.class).single())
                .isEqualTo(1));
    }
}
