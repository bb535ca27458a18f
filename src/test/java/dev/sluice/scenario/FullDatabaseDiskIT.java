package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * A full disk of the database is nobody's mistake: definitions are refused for now, as batches are, and may be put again.
 * The disk is a real one where the machine lets a test mount it; elsewhere triggers say what PostgreSQL says of one.
 */
class FullDatabaseDiskIT {

    private static final String FULL = "'could not extend file: No space left on device' using errcode = '53100'";

    private static Path home;
    private static Optional<SmallDisk> disk = Optional.empty();
    private static DedicatedPostgres postgres;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        Path directory = Files.createDirectory(home.resolve("disk"));
        Object owner = Files.getAttribute(home.resolve("postgres/cluster"), "unix:uid");
        disk = SmallDisk.mount(directory, "size=8m,mode=700,uid=" + owner);
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), postgres.toString()),
                List.of(),
                "sluice.health.failing-after=1s",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0");
        client = service.client();
        if (disk.isPresent()) {
            postgres.execute("create tablespace small location '" + directory + "'");
            postgres.execute("alter table sluice.definition set tablespace small");
            postgres.execute("alter table public.rows set tablespace small");
            postgres.execute("alter database sluice set default_tablespace = small");
            postgres.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice'");
            await().untilAsserted(() -> client.batch("rows", "0", 0, "1").isWritten("committed"));
        } else {
            postgres.execute("create function no_table() returns event_trigger language plpgsql as $$ begin raise "
                    + FULL + "; end $$");
            postgres.execute(
                    "create function no_row() returns trigger language plpgsql as $$ begin raise " + FULL + "; end $$");
            client.batch("rows", "0", 0, "1").isWritten("committed");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        postgres.close();
        disk.ifPresent(SmallDisk::close);
        FileSystemUtils.deleteRecursively(home);
    }

    @AfterEach
    void makeRoom() {
        if (disk.isPresent()) {
            disk.get().makeRoom();
        } else {
            postgres.execute("drop event trigger if exists full_disk");
            postgres.execute("drop trigger if exists full_disk on sluice.definition");
            postgres.execute("drop trigger if exists full_disk on public.rows");
        }
    }

    private static void fill() {
        if (disk.isPresent()) {
            disk.get().fill();
        } else {
            postgres.execute("create trigger full_disk before insert on sluice.definition execute function no_row()");
            postgres.execute("create trigger full_disk before insert on public.rows execute function no_row()");
            postgres.execute("create event trigger full_disk on ddl_command_start when tag in ('CREATE TABLE')"
                    + " execute function no_table()");
        }
    }

    private static String partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"p" + Integer.toHexString(i * 7919) + "\"")
                .collect(Collectors.joining(","));
    }

    private static Answer put(String type, int partitions) {
        return client.put(
                "/sinks/" + type + partitions,
                "{\"type\":\"" + type + "\",\"partitions\":[" + partitions(partitions) + "]}");
    }

    @Test
    void refusesADefinitionForNowWhoseTableCannotBeMade() {
        fill();
        Answer refused = put("table", 1).isProblem(503, "target-unavailable");
        assertThat(refused.text("detail"))
                .contains("the table public.table1 cannot be created")
                .contains("No space left on device")
                .contains("nothing was changed");
        client.get("/sinks/table1").isProblem(404, "unknown-sink");
        assertThat(service.query("select to_regclass('public.table1') is null")).containsExactly("t");
        makeRoom();
        assertThat(put("table", 1).status()).isEqualTo(201);
        client.batch("table1", "p0", 0, "1").isWritten("committed");
    }

    @Test
    void refusesADefinitionForNowThatCannotBeStored() {
        fill();
        assertThat(put("log", 5000).isProblem(503, "storage-unavailable").text("detail"))
                .contains("No space left on device");
        client.get("/sinks/log5000").isProblem(404, "unknown-sink");
        makeRoom();
        assertThat(put("log", 5000).status()).isEqualTo(201);
    }

    /* The table is there already: only its form is looked at, for which there is room. */
    @Test
    void refusesBatchesForNowAndTakesThemOnceThereIsRoom() {
        long next = client.snapshot("rows", "0").number("nextOffset");
        fill();
        String records = large();
        assertThat(client.batch("rows", "0", next, records)
                        .isProblem(503, "storage-unavailable")
                        .text("detail"))
                .contains("No space left on device");
        client.snapshot("rows", "0").has("nextOffset", next);
        makeRoom();
        client.batch("rows", "0", next, records).isWritten("committed");
    }

    /* What is done about it in the night, call by call. */
    @Test
    void endsByTheCallsOfTheNight() {
        long next = client.snapshot("rows", "0").number("nextOffset");
        String records = large();
        fill();
        Runbook night = Runbook.of("A full disk of the database", client);
        client.batch("rows", "0", next, records).isProblem(503, "storage-unavailable");
        await().untilAsserted(
                        () -> assertThat(Scrape.of(client).one("sluice_sink_failing", "sink=rows", "activity=write"))
                                .isEqualTo(1));
        assertThat(night.next().at("/problems/0/detail").stringValue()).contains("No space left on device");
        JsonNode failing = night.next().at("/sinks/0");
        assertThat(failing.path("id").stringValue()).isEqualTo("rows");
        assertThat(failing.at("/status/writes/problem").stringValue()).isEqualTo("storage-unavailable");
        makeRoom();
        client.batch("rows", "0", next, records).isWritten("committed");
        night.nextUntil(health -> health.at("/components/sinks/components/rows/status")
                .asString("")
                .equals("UP"));
        night.nextIsEven();
        night.isDone();
        assertThat(Scrape.of(client).one("sluice_sink_failing", "sink=rows", "activity=write"))
                .isZero();
    }

    private static String large() {
        String large = "\"" + "x1y2z3".repeat(4) + "\"";
        return IntStream.range(0, 5000).mapToObj(i -> large).collect(Collectors.joining(","));
    }
}
