package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * After the database was restored or promoted, no fencing token that was given out before is valid, and none is given
 * out twice.
 */
class IncarnationIT {

    private static final long FAR_ABOVE = 1L << 40;

    private Path home;
    private DedicatedPostgres postgres;
    private InProcess service;

    @BeforeEach
    void start() {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        service = startOn(postgres.url());
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        postgres.close();
        FileSystemUtils.deleteRecursively(home);
    }

    private static Database database(DedicatedPostgres server) {
        return new Database(server.url(), server.username(), server.password(), server.toString());
    }

    private InProcess startOn(String url) {
        return InProcess.on(
                new Database(url, postgres.username(), postgres.password(), postgres.toString()),
                List.of(),
                "sluice.sinks.ev.type=table",
                "sluice.sinks.ev.partitions=0,1,2");
    }

    private Client client() {
        return service.client();
    }

    private long open(String partition) {
        return client().open("ev", partition, "{\"owner\":\"w\"}").number("fencingToken");
    }

    private static String token(long token) {
        return Long.toString(token);
    }

    /** Writes with a token, opens another partition after the state that will come back. */
    private long[] tokensAfterTheBackup(Runnable backup) {
        long known = open("0");
        client().batch("ev", "0", 0, "1", "Sluice-Fencing-Token", token(known)).isWritten("committed");
        backup.run();
        long lost = open("0");
        long neverHeardOf = open("1");
        return new long[] {known, lost, neverHeardOf};
    }

    private void allTokensAreVoid(long[] before, String reason) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                client().batch("ev", "0", 1, "2", "Sluice-Fencing-Token", token(before[0]))
                                        .status())
                        .isEqualTo(412));
        for (long token : before) {
            Answer refused = client().batch("ev", "0", 1, "2", "Sluice-Fencing-Token", token(token));
            assertThat(refused.status()).as(refused.body().toString()).isEqualTo(412);
            assertThat(refused.text("detail")).contains("incarnation 2");
            refused.has("incarnation", 2);
        }
        client().batch("ev", "1", 0, "2", "Sluice-Fencing-Token", token(before[2]))
                .isProblem(412, "unknown-fencing-token");
        for (String partition : List.of("0", "1", "2")) {
            assertThat(open(partition)).isGreaterThan(FAR_ABOVE);
        }
        client().batch("ev", "1", 0, "2", "Sluice-Fencing-Token", token(before[2]))
                .isProblem(412, "fenced");
        assertThat(client().get("/actuator/health")
                        .body()
                        .at("/components/incarnation/details")
                        .toString())
                .contains("\"number\":2")
                .contains(reason);
        assertThat(client().get("/actuator/info")
                        .body()
                        .at("/durability/incarnation")
                        .toString())
                .contains("\"number\":2");
        long next = client().snapshot("ev", "0").number("fencingToken");
        client().batch("ev", "0", 1, "2", "Sluice-Fencing-Token", token(next)).isWritten("committed");
    }

    @Test
    void voidsTokensAfterADumpWasRestored() {
        long[] tokens = tokensAfterTheBackup(() -> {});
        service.close();
        // What pg_dump and pg_restore leave: the same rows in tables with other OIDs, and older ones here and there.
        postgres.execute("alter schema sluice rename to dumped");
        postgres.execute("create schema sluice");
        postgres.execute("do 'declare t text; begin for t in select relname from pg_class where relnamespace ="
                + " ''dumped''::regnamespace and relkind = ''r'' loop execute format(''create table sluice.%I (like"
                + " dumped.%I including all)'', t, t); execute format(''insert into sluice.%I select * from dumped.%I'',"
                + " t, t); end loop; end'");
        postgres.execute("update sluice.snapshot set fencing_token = fencing_token - 1 where partition_id = '0'");
        postgres.execute("delete from sluice.snapshot where partition_id = '1'");
        service = startOn(postgres.url());
        allTokensAreVoid(tokens, "OID of sluice.snapshot");
    }

    @Test
    void voidsTokensAfterAPromotionUnderRunningServices() {
        long[] tokens = tokensAfterTheBackup(() -> {});
        postgres.becomeStandby();
        postgres.promote();
        postgres.execute("update sluice.snapshot set fencing_token = 0 where partition_id = '1'");
        allTokensAreVoid(tokens, "timeline 1 is 2 now");
    }

    @Test
    void voidsTokensAfterAnotherDatabaseHasTakenTheName() {
        long[] tokens = tokensAfterTheBackup(() -> {});
        service.close();
        postgres.execute("create database restored template sluice");
        String url = postgres.url().replaceFirst("/sluice(?=$|[?])", "/restored");
        service = startOn(url);
        InProcess.execute(service.database(), "update sluice.snapshot set fencing_token = 0 where partition_id = '1'");
        allTokensAreVoid(tokens, "OID of the database");
    }

    @Test
    void voidsTokensAfterABaseBackupWasRestoredBeside() throws IOException {
        Path beside = PostgresForTests.openDirectory();
        Path archive = archiving();
        long[] tokens = tokensAfterTheBackup(() -> postgres.backUp(beside));
        service.close();
        postgres.recoverFrom(archive, beside.resolve("postgres"));
        goesOnBeside(beside, tokens);
    }

    @Test
    void voidsTokensAfterARecoveryToAPointInTime() throws IOException {
        Path beside = PostgresForTests.openDirectory();
        Path archive = archiving();
        Path backup = postgres.backUp(beside);
        String[] point = new String[1];
        long[] tokens = tokensAfterTheBackup(() -> point[0] = query("select pg_current_wal_flush_lsn()"));
        service.close();
        String file = query("select pg_walfile_name(pg_switch_wal())");
        await().until(() -> Files.exists(archive.resolve(file)));
        postgres.recoverFrom(
                archive, backup, "recovery_target_lsn = '" + point[0] + "'", "recovery_target_action = promote");
        goesOnBeside(beside, tokens);
    }

    /* Where nothing is recovered from an archive, only the services that ran meanwhile can tell. */
    @Test
    void voidsTokensAfterACopyOfTheDiskHasTakenItsPlaceUnderRunningServices() {
        Path copy = home.resolve("copy");
        long[] tokens = tokensAfterTheBackup(() -> {
            postgres.copyStopped(copy);
            await().untilAsserted(() -> assertThat(
                            client().get("/actuator/health/readiness").status())
                    .isEqualTo(200));
        });
        postgres.becomeCopy(copy);
        // The end of the log, or the last token: which of them is older depends on when connections were opened.
        allTokensAreVoid(tokens, "the database is another one than before");
    }

    /* Its log may be longer by now than that of the server which it replaces. */
    @Test
    void voidsTokensAfterACopyThatWasWorkedOnHasTakenItsPlace() {
        Path copy = home.resolve("copy");
        long[] tokens = tokensAfterTheBackup(() -> {
            postgres.copyStopped(copy);
            await().untilAsserted(() -> assertThat(
                            client().get("/actuator/health/readiness").status())
                    .isEqualTo(200));
        });
        postgres.becomeCopy(copy, "create table more ()", "select pg_switch_wal()", "create table still_more ()");
        allTokensAreVoid(tokens, "is gone");
    }

    private Path archiving() throws IOException {
        Path archive = postgres.archive();
        postgres.alterSystem("archive_mode", "on");
        postgres.alterSystem("archive_command", "cp %p " + archive + "/%f");
        service.close();
        postgres.restart();
        service = startOn(postgres.url());
        return archive;
    }

    private String query(String sql) {
        return InProcess.query(database(postgres), sql).get(0);
    }

    private void goesOnBeside(Path beside, long[] tokens) throws IOException {
        try (DedicatedPostgres restored = PostgresForTests.dedicated(beside)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> InProcess.query(database(restored), "select pg_is_in_recovery()")
                            .equals(List.of("f")));
            service = startOn(restored.url());
            allTokensAreVoid(tokens, "timeline 1 is 2 now");
            service.close();
        } finally {
            FileSystemUtils.deleteRecursively(beside);
        }
    }

    @Test
    void beginsAnIncarnationByHand() {
        long[] tokens = tokensAfterTheBackup(() -> {});
        client().post("/incarnation", Client.JSON, "{}").isProblem(400, "malformed-request");
        assertThat(client().post("/incarnation", Client.JSON, "{\"reason\":\"disk of last night\"}")
                        .number("number"))
                .isEqualTo(2);
        InProcess.execute(service.database(), "update sluice.snapshot set fencing_token = 0 where partition_id = '1'");
        allTokensAreVoid(tokens, "disk of last night");
    }

    @Test
    void goesOnAfterAnOrdinaryRestart() {
        long token = open("0");
        client().batch("ev", "0", 0, "1", "Sluice-Fencing-Token", token(token)).isWritten("committed");
        postgres.stopImmediately();
        postgres.restart();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> client().batch("ev", "0", 1, "2", "Sluice-Fencing-Token", token(token))
                        .isWritten("committed"));
        service.close();
        service = startOn(postgres.url());
        client().batch("ev", "0", 2, "3", "Sluice-Fencing-Token", token(token)).isWritten("committed");
        assertThat(open("0")).isEqualTo(token + 1);
    }
}
