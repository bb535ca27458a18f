package dev.sluice.scenario.crash;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import dev.sluice.scenario.ServiceProcess;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The shipped service with the agent that kills it, and a sink of each kind. */
final class CrashingService implements AutoCloseable {

    private static final int PARTITIONS = 200;
    private static final String DEAD_LETTER = "on-rejected=dead-letter";

    private final Receiver honest = Receiver.honouringKeys();
    private final Receiver careless = Receiver.ignoringKeys();
    private final Targets targets;
    private final Path armed;
    private final ServiceProcess process;
    private int used;

    CrashingService(Path directory) throws IOException, URISyntaxException {
        Database database = PostgresForTests.freshDatabase();
        Path files = directory.resolve("out");
        this.targets = new Targets(database, files, honest, careless);
        this.armed = directory.resolve("armed");
        Path agent = CrashAgentJar.packInto(directory);
        this.process = ServiceProcess.on(
                database,
                directory.resolve("service"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-javaagent:" + agent + "=" + armed),
                settings(files).toArray(String[]::new));
        InProcess.execute(database, "alter table \"letter-rows\" add check (data ->> 'bad' is null)");
        honest.answersBy(request -> request.body().contains("\"bad\":true") ? Reply.of(422) : Reply.ok());
    }

    private List<String> settings(Path files) {
        List<String> all = new ArrayList<>();
        for (String table : List.of("rows", "late-rows", "child-rows", "any-rows")) {
            target(all, table, "table", "data-type=json");
        }
        for (String file : List.of("files", "late-files", "child-files", "any-files")) {
            target(all, file, "file", "directory=" + files.resolve(file));
        }
        target(all, "letter-rows", "table", "data-type=json", DEAD_LETTER);
        target(all, "segments", "file", "directory=" + files.resolve("segments"), "layout=segments", "rotate-size=5KB");
        for (String web : List.of("honest", "child-honest", "careless", "late-careless")) {
            Receiver receiver = web.endsWith("honest") ? honest : careless;
            target(all, web, "http", "url=" + receiver.url("/" + web + "/{partition}"), "envelope=ndjson");
        }
        target(
                all,
                "letter-honest",
                "http",
                "url=" + honest.url("/letter-honest/{partition}"),
                "envelope=ndjson",
                "target-honours-key=true",
                DEAD_LETTER);
        for (String kind : List.of("rows", "files", "careless")) {
            sink(all, "to-" + kind, "batching", "target=late-" + kind, "batch-size=20", "flush-interval=100ms");
        }
        sink(all, "fan", "fanout", "targets=child-rows,child-files,child-honest");
        all.add("sluice.sinks.any-rows.order=any");
        all.add("sluice.sinks.any-files.order=any");
        // Those that wait at their points keep their transactions.
        all.add("sluice.lanes.concurrent-commits=25");
        all.add("spring.datasource.hikari.maximum-pool-size=30");
        return all;
    }

    private static void target(List<String> all, String id, String type, String... settings) {
        sink(all, id, type, settings);
        all.add("sluice.sinks." + id + ".partitions="
                + IntStream.range(0, PARTITIONS)
                        .mapToObj(CrashingService::partition)
                        .collect(Collectors.joining(",")));
    }

    private static void sink(List<String> all, String id, String type, String... settings) {
        all.add("sluice.sinks." + id + ".type=" + type);
        for (String setting : settings) {
            all.add("sluice.sinks." + id + "." + setting);
        }
    }

    private static String partition(int number) {
        return "p%03d".formatted(number);
    }

    /** Returns a partition that nobody has used yet. */
    String unused() {
        return partition(used++);
    }

    Client client() {
        return process.client();
    }

    Targets targets() {
        return targets;
    }

    /** From now on the process dies once there is a thread at each of the points. */
    void arm(List<String> lines) throws IOException {
        Files.deleteIfExists(reached());
        Path complete = armed.resolveSibling("armed.new");
        Files.write(complete, lines);
        Files.move(complete, armed, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path reached() {
        return armed.resolveSibling("armed.reached");
    }

    void awaitDeath() throws IOException {
        try {
            process.awaitKilled(Duration.ofMinutes(1));
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "it did not come to all of the points " + Files.readAllLines(armed) + ", but only to "
                            + (Files.exists(reached()) ? Files.readAllLines(reached()) : List.of()),
                    e);
        }
    }

    void restart() throws IOException {
        Files.delete(armed);
        process.start();
    }

    @Override
    public void close() {
        process.close();
        honest.close();
        careless.close();
    }
}
