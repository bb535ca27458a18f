package dev.sluice.bench.service;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A running Sluice with the sink "events". */
public final class Service implements AutoCloseable {

    /** The heap that goals are set for, half of it from the start as in the image. */
    public static final List<String> HEAP = List.of("-Xms128m", "-Xmx256m", "-XX:MetaspaceSize=96m");

    /** The same heap, all of it from the start: what grows then is not the heap. */
    public static final List<String> WHOLE_HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:MetaspaceSize=96m");

    private static final Duration START = Duration.ofSeconds(120);

    private final Child process;
    private final Database database;
    private final int port;

    private Service(Child process, Database database, int port) {
        this.process = process;
        this.database = database;
        this.port = port;
    }

    /** A JVM's command with options for its heap and more arguments. */
    public static List<String> command(Path java, List<String> heap, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(heap);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts it by a command to which the settings are appended, and waits until it is ready. */
    public static Service start(
            List<String> command, Path directory, Database database, int partitions, List<String> settings)
            throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(
                "--server.port=" + port,
                "--spring.config.additional-location=file:" + SinkFile.write(directory, partitions),
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--sluice.spool.directory=" + Files.createDirectories(directory.resolve("spool"))));
        whole.addAll(settings);
        Child process = Child.start(directory, "sluice-" + port, Map.of(), whole);
        Service service = new Service(process, database, port);
        try {
            service.awaitReady();
            return service;
        } catch (IOException | InterruptedException e) {
            service.close();
            throw e;
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public Database database() {
        return database;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.close();
    }

    /** Asks it to end, and ends it if it has not after so long. */
    public void close(Duration grace) {
        process.close(grace);
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!Readiness.of(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Sluice did not start: " + process.errors());
            }
            Thread.sleep(10);
        }
    }
}
