package dev.sluice.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.sink.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Sluice relies on in an engine, each by itself, said to the database directly. */
@Tag("conformance")
class EngineConformanceIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(300);

    private static Engine engine;
    private static Database database;

    private Connection one;
    private Connection two;

    @BeforeAll
    static void createDatabase() throws SQLException {
        engine = SessionsForTests.properties(PostgresForTests.engine().orElse("postgresql"))
                .kind();
        database = PostgresForTests.freshDatabase();
        try (Connection connection = database.connect()) {
            execute(
                    connection,
                    "create table stand (partition_id text primary key, version bigint not null)",
                    "create table kept (partition_id text, source_offset bigint, data jsonb not null,"
                            + " primary key (partition_id, source_offset))");
            if (engine == Engine.CITUS) {
                execute(
                        connection,
                        "select create_distributed_table('stand', 'partition_id')",
                        "select create_distributed_table('kept', 'partition_id', colocate_with => 'stand')");
            }
        }
    }

    @BeforeEach
    void connect() throws SQLException {
        one = connection();
        two = connection();
        execute(one, "delete from stand", "delete from kept", "insert into stand values ('p', 0)");
        one.commit();
    }

    @AfterEach
    void disconnect() throws SQLException {
        one.abort(Runnable::run);
        two.abort(Runnable::run);
    }

    private static Connection connection() throws SQLException {
        Connection connection = database.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static <T> CompletableFuture<T> async(Callable<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private static String refusal(Connection connection, String sql) {
        SQLException refused = catchThrowableOfType(SQLException.class, () -> execute(connection, sql));
        assertThat((Throwable) refused).as("refusal of %s", sql).isNotNull();
        return refused.getSQLState();
    }

    private static void waits(CompletableFuture<?> work) {
        assertThat(work)
                .failsWithin(WHILE)
                .withThrowableThat()
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }

    // locks and versions

    @Test
    void whoWaitsForARowSeesWhatWasCommittedMeanwhile() throws Exception {
        query(one, "select version from stand where partition_id = 'p' for update");
        CompletableFuture<List<String>> second =
                async(() -> query(two, "select version from stand where partition_id = 'p' for update"));
        waits(second);
        execute(one, "update stand set version = 1 where partition_id = 'p' and version = 0");
        one.commit();
        assertThat(second.get(20, TimeUnit.SECONDS)).containsExactly("1");
    }

    @Test
    void whoWaitsForARowSeesItUnchangedAfterARollback() throws Exception {
        query(one, "select version from stand where partition_id = 'p' for update");
        execute(one, "update stand set version = 1 where partition_id = 'p'");
        CompletableFuture<List<String>> second =
                async(() -> query(two, "select version from stand where partition_id = 'p' for update"));
        waits(second);
        one.rollback();
        assertThat(second.get(20, TimeUnit.SECONDS)).containsExactly("0");
    }

    @Test
    void aStatementSeesWhatWasCommittedBeforeItAndNothingThatWasNot() throws SQLException {
        assertThat(query(two, "select version from stand")).containsExactly("0");
        execute(one, "update stand set version = 1");
        assertThat(query(two, "select version from stand")).containsExactly("0");
        one.commit();
        assertThat(query(two, "select version from stand")).containsExactly("1");
    }

    @Test
    void ofTwoThatSetTheSameVersionOneFindsNoRow() throws Exception {
        String advance = "update stand set version = 1 where partition_id = 'p' and version = 0";
        assertThat(update(one, advance)).isEqualTo(1);
        CompletableFuture<Integer> second = async(() -> update(two, advance));
        waits(second);
        one.commit();
        assertThat(second.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void rowsThatSomebodyHoldsAreSkipped() throws SQLException {
        assumeTrue(engine.joint(), "not made use of on " + engine);
        execute(one, "insert into stand values ('q', 0)");
        one.commit();
        query(one, "select version from stand where partition_id = 'p' for update");
        assertThat(query(two, "select partition_id from stand for update skip locked"))
                .containsExactly("q");
    }

    @Test
    void anInsertMeetsTheSameKeyOfATransactionThatIsStillOpen() throws Exception {
        String create = "insert into stand values ('new', 0) on conflict (partition_id) do nothing";
        assertThat(update(one, create)).isEqualTo(1);
        CompletableFuture<Integer> second = async(() -> update(two, create));
        waits(second);
        one.commit();
        assertThat(second.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(query(two, "select version from stand where partition_id = 'new' for update"))
                .containsExactly("0");
    }

    @Test
    void aConflictUpdatesTheRowThatIsThere() throws SQLException {
        execute(
                one,
                "insert into stand values ('p', 7) on conflict (partition_id) do update set version = excluded.version");
        assertThat(query(one, "select version from stand")).containsExactly("7");
    }

    // ends of transactions

    @Test
    void commitOfAFailedTransactionCommitsNothing() throws SQLException {
        execute(one, "insert into kept values ('p', 0, '1')");
        assertThat(refusal(one, "insert into kept values ('p', 0, '2')")).isEqualTo("23505");
        try {
            one.commit();
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isIn("25P02", "40000");
        }
        assertThat(query(two, "select source_offset from kept")).isEmpty();
    }

    @Test
    void aConnectionThatIsCutBeforeItsCommitLeavesNothingAndNoLock() throws SQLException {
        execute(one, "insert into kept values ('p', 0, '1')", "update stand set version = 9 where partition_id = 'p'");
        one.abort(Runnable::run);
        execute(two, "set lock_timeout = '20s'");
        assertThat(query(two, "select version from stand where partition_id = 'p' for update"))
                .containsExactly("0");
        assertThat(query(two, "select source_offset from kept")).isEmpty();
    }

    @Test
    void aTransactionThatStandsIdleForTooLongLosesItsLock() throws Exception {
        execute(one, "set idle_in_transaction_session_timeout = '1s'");
        one.commit();
        execute(one, "update stand set version = 9 where partition_id = 'p'");
        CompletableFuture<List<String>> second =
                async(() -> query(two, "select version from stand where partition_id = 'p' for update"));
        waits(second);
        assertThat(second.get(20, TimeUnit.SECONDS)).containsExactly("0");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
            execute(one, "select 1");
            one.commit();
        });
    }

    @Test
    void waitingForALockEnds() throws SQLException {
        query(one, "select version from stand where partition_id = 'p' for update");
        execute(two, "set lock_timeout = '200ms'");
        assertThat(refusal(two, "select version from stand where partition_id = 'p' for update"))
                .isEqualTo("55P03");
    }

    @Test
    void aStatementThatTakesTooLongEnds() throws SQLException {
        execute(one, "set statement_timeout = '200ms'");
        assertThat(refusal(one, "select pg_sleep(20)")).isEqualTo("57014");
    }

    @Test
    void aSavepointTakesBackAFailedStatementAlone() throws SQLException {
        execute(one, "insert into kept values ('p', 0, '1')");
        Savepoint before = one.setSavepoint();
        refusal(one, "insert into kept values ('p', 0, '2')");
        one.rollback(before);
        execute(one, "insert into kept values ('p', 1, '2')");
        one.commit();
        assertThat(query(two, "select source_offset from kept order by 1")).containsExactly("0", "1");
    }

    @Test
    void aDeferredConstraintSpeaksAtTheCommitAndNothingIsCommitted() throws SQLException {
        execute(one, "create table parent (id bigint primary key)");
        execute(
                one,
                "create table child (id bigint primary key, parent bigint references parent (id) deferrable initially"
                        + " deferred)");
        one.commit();
        execute(one, "insert into child values (1, 1)");
        SQLException refused = catchThrowableOfType(SQLException.class, one::commit);
        assertThat(refused.getSQLState()).isEqualTo("23503");
        assertThat(query(two, "select id from child")).isEmpty();
        execute(two, "insert into child values (1, 1)");
        assertThat(refusal(two, "set constraints all immediate")).isEqualTo("23503");
    }

    // many rows

    @Test
    void aThousandRowsAreTheValuesOfOneInsertAndAreCounted() throws SQLException {
        int rows = Engine.VALUES_AT_A_TIME;
        try (PreparedStatement insert =
                one.prepareStatement("insert into kept" + Engine.values("(?, ?, ?::jsonb)", rows))) {
            for (int row = 0; row < rows; row++) {
                insert.setString(3 * row + 1, "p");
                insert.setLong(3 * row + 2, row);
                insert.setString(3 * row + 3, "{\"row\": " + row + "}");
            }
            assertThat(insert.executeUpdate()).isEqualTo(rows);
        }
        assertThat(query(one, "select sum((data ->> 'row')::bigint) from kept where partition_id = 'p'"))
                .containsExactly("499500");
    }

    @Test
    void manyRowsAreUnfoldedFromArrays() throws SQLException {
        assumeTrue(engine.unfolds(), "not made use of on " + engine);
        try (PreparedStatement insert = one.prepareStatement(
                "insert into kept select 'p', r.o, r.d::jsonb from unnest(?::bigint[], ?::text[]) as r (o, d)")) {
            insert.setArray(1, one.createArrayOf("bigint", new Long[] {1L, 2L}));
            insert.setArray(2, one.createArrayOf("text", new String[] {"1", "2"}));
            assertThat(insert.executeUpdate()).isEqualTo(2);
        }
    }

    // types

    @ParameterizedTest
    @CsvSource({
        "'\"\\u0000\"', 22P05",
        "'\"\\ud800\"', 22P02",
        "'\"\\udc00x\"', 22P02",
        "1e200000, 22003",
        "'{\"a\":}', 22P02"
    })
    void jsonbRefusesByAStateThatBlamesTheRecord(String value, String state) {
        assertThat(refusal(one, "insert into kept values ('p', 0, '" + value + "')"))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456789012345678901234567890.12345678901234567890", "\"\\ud83d\\ude00\"", "[]", "null"})
    void jsonbKeepsWhatItTakes(String value) throws SQLException {
        execute(one, "insert into kept values ('p', 0, '" + value + "')");
        assertThat(query(one, "select data::text from kept")).hasSize(1);
        assertThat(query(one, "select data = '" + value + "'::jsonb from kept")).containsExactly("t");
    }

    @Test
    void jsonbKeepsEveryDigitOfALargeExponent() throws SQLException {
        execute(one, "insert into kept values ('p', 0, '1e100000')");
        assertThat(query(one, "select length(data::text) from kept")).containsExactly("100001");
    }

    @Test
    void jsonKeepsTheTextAsItWasSent() throws SQLException {
        execute(one, "create table text_kept (data json)");
        execute(one, "insert into text_kept values ('{\"b\" : 1e0, \"a\":\"\\u0000\"}')");
        assertThat(query(one, "select data::text from text_kept")).containsExactly("{\"b\" : 1e0, \"a\":\"\\u0000\"}");
    }

    @Test
    void bytesComeBackAsTheyWere() throws SQLException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        execute(one, "create table bytes_kept (data bytea check (octet_length(data) = 256))");
        try (PreparedStatement insert = one.prepareStatement("insert into bytes_kept values (?)")) {
            insert.setBytes(1, all);
            insert.executeUpdate();
        }
        try (Statement statement = one.createStatement();
                ResultSet row = statement.executeQuery("select data from bytes_kept")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBytes(1)).isEqualTo(all);
        }
    }

    @Test
    void rangesOfOffsetsComeBackInTheirOrder() throws SQLException {
        execute(one, "create table settled_kept (ranges int8multirange)");
        execute(one, "insert into settled_kept values ('{[7,9),[0,5),[5,6)}')");
        assertThat(query(one, "select lower(range) || '-' || upper(range) from settled_kept, unnest(ranges) as range"))
                .containsExactly("0-6", "7-9");
    }

    @Test
    void namesHaveSixtyThreeBytes() throws SQLException {
        String longest = "t".repeat(63);
        execute(one, "create table " + longest + " (id bigint)");
        assertThat(query(one, "select relname from pg_class where oid = to_regclass('" + longest + "')"))
                .containsExactly(longest);
    }

    // clocks

    @Test
    void theClockGoesOnInATransactionAndNowStandsStill() throws SQLException {
        String later = "select clock_timestamp() > '"
                + query(one, "select clock_timestamp()").get(0) + "'";
        String now = query(one, "select now()").get(0);
        await().atMost(SOON).until(() -> query(one, later).get(0).equals("t"));
        assertThat(query(one, "select now()")).containsExactly(now);
    }
}
