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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * A full disk of the database is nobody's mistake: definitions are refused for now, as batches are, and may be put again.
 * The disk is a real one where the machine lets a test mount it; elsewhere triggers say what PostgreSQL says of one.
 */
class FullDatabaseDiskIT {

    private static final String FULL = "'could not extend file: No space left on device' using errcode = '53100'";

    private static Path home;
    private static Path disk;
    private static DedicatedPostgres postgres;
    private static InProcess service;
    private static Client client;
    private static boolean mounted;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        disk = Files.createDirectory(home.resolve("disk"));
        Object owner = Files.getAttribute(home.resolve("postgres/cluster"), "unix:uid");
        mounted = done("mount", "-t", "tmpfs", "-o", "size=8m,mode=700,uid=" + owner, "tmpfs", disk.toString());
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), postgres.toString()),
                List.of(),
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0");
        client = service.client();
        if (mounted) {
            postgres.execute("create tablespace small location '" + disk + "'");
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
    static void stop() throws IOException, InterruptedException {
        service.close();
        postgres.close();
        if (mounted) {
            assertThat(done("umount", disk.toString())).isTrue();
        }
        FileSystemUtils.deleteRecursively(home);
    }

    @AfterEach
    void makeRoom() throws IOException {
        if (mounted) {
            Files.deleteIfExists(filler());
        } else {
            postgres.execute("drop event trigger if exists full_disk");
            postgres.execute("drop trigger if exists full_disk on sluice.definition");
            postgres.execute("drop trigger if exists full_disk on public.rows");
        }
    }

    private static void fill() throws IOException, InterruptedException {
        if (mounted) {
            long free = Files.getFileStore(disk).getUsableSpace();
            assertThat(done("fallocate", "-l", Long.toString(free), filler().toString()))
                    .isTrue();
        } else {
            postgres.execute("create trigger full_disk before insert on sluice.definition execute function no_row()");
            postgres.execute("create trigger full_disk before insert on public.rows execute function no_row()");
            postgres.execute("create event trigger full_disk on ddl_command_start when tag in ('CREATE TABLE')"
                    + " execute function no_table()");
        }
    }

    private static Path filler() {
        return disk.resolve("filler");
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
    void refusesADefinitionForNowWhoseTableCannotBeMade() throws Exception {
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
    void refusesADefinitionForNowThatCannotBeStored() throws Exception {
        fill();
        assertThat(put("log", 5000).isProblem(503, "storage-unavailable").text("detail"))
                .contains("No space left on device");
        client.get("/sinks/log5000").isProblem(404, "unknown-sink");
        makeRoom();
        assertThat(put("log", 5000).status()).isEqualTo(201);
    }

    /* The table is there already: only its form is looked at, for which there is room. */
    @Test
    void refusesBatchesForNowAndTakesThemOnceThereIsRoom() throws Exception {
        long next = client.snapshot("rows", "0").number("nextOffset");
        fill();
        String large = "\"" + "x1y2z3".repeat(4) + "\"";
        String records = IntStream.range(0, 5000).mapToObj(i -> large).collect(Collectors.joining(","));
        assertThat(client.batch("rows", "0", next, records)
                        .isProblem(503, "storage-unavailable")
                        .text("detail"))
                .contains("No space left on device");
        client.snapshot("rows", "0").has("nextOffset", next);
        makeRoom();
        client.batch("rows", "0", next, records).isWritten("committed");
    }

    private static boolean done(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
