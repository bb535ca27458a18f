package dev.sluice.scenario;

import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** The shipped jar as a process of its own, to be killed for real. */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final int KILLED = 128 + 9;

    private final List<String> command;
    private final Path directory;
    private final int port;
    private final SSLContext tls;
    private Process process;

    private ServiceProcess(List<String> command, Path directory, int port) {
        this(command, directory, port, null);
    }

    private ServiceProcess(List<String> command, Path directory, int port, SSLContext tls) {
        this.tls = tls;
        this.command = command;
        this.directory = directory;
        this.port = port;
        start();
    }

    /** Starts on a database of the test's own. */
    public static ServiceProcess on(Database database, Path directory, List<String> jvm, String... settings) {
        return startJar(directory, jvm, with(database, settings));
    }

    /** Starts on a database of the test's own, with only so many files and connections open at once. */
    public static ServiceProcess limited(int open, Database database, Path directory, String... settings) {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of("bash", "-c", "ulimit -n " + open + "; exec \"$0\" \"$@\"", java(), "-Xmx256m"));
        command.addAll(List.of("-jar", jar().toString(), "--server.port=" + port));
        with(database, settings).forEach(setting -> command.add("--" + setting));
        return new ServiceProcess(command, directory, port);
    }

    /** Starts as a newcomer does: with the embedded PostgreSQL. */
    public static ServiceProcess embedded(Path directory, String... settings) {
        return startJar(directory, List.of(), List.of(settings));
    }

    /** Starts, on a database of the test's own, what {@link #extract} has made, as the image does. */
    public static ServiceProcess extracted(Database database, Path directory, String... settings) {
        return extractedWithTls(null, database, directory, settings);
    }

    /** The same, for clients with such a context. */
    static ServiceProcess extractedWithTls(SSLContext tls, Database database, Path directory, String... settings) {
        return start(
                directory,
                List.of("-cp", "sluice.jar" + File.pathSeparator + "sinks/*", "dev.sluice.SluiceApplication"),
                with(database, settings),
                tls);
    }

    /** Extracts the jar as the image has it: libraries beside the classes, and a place for sinks of one's own. */
    public static Path extract(Path directory) throws IOException, InterruptedException {
        // By this name the image knows it.
        Path jar = Files.copy(jar(), directory.resolve("sluice.jar"));
        Path image = directory.resolve("image");
        Process extraction = new ProcessBuilder(
                        java(), "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", image.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("extract.log").toFile())
                .start();
        if (extraction.waitFor() != 0) {
            throw new IllegalStateException("not extracted: " + Files.readString(directory.resolve("extract.log")));
        }
        Files.createDirectories(image.resolve("sinks"));
        return image;
    }

    private static List<String> with(Database database, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("spring.datasource.url=" + database.url());
        all.add("spring.datasource.username=" + database.username());
        all.add("spring.datasource.password=" + database.password());
        PostgresForTests.engine().ifPresent(engine -> all.add("sluice.database.engine=" + engine));
        return all;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path jar() {
        return Path.of(System.getProperty("sluice.jar")).toAbsolutePath();
    }

    private static ServiceProcess startJar(Path directory, List<String> jvm, List<String> settings) {
        List<String> whole = new ArrayList<>(jvm);
        whole.addAll(List.of("-jar", jar().toString()));
        return start(directory, whole, settings, null);
    }

    private static ServiceProcess start(Path directory, List<String> arguments, List<String> settings, SSLContext tls) {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(arguments);
        command.add("--server.port=" + port);
        settings.forEach(setting -> command.add("--" + setting));
        return new ServiceProcess(command, directory, port, tls);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it, again on the same port after it was killed, and waits until it is ready. */
    public void start() {
        try {
            Files.createDirectories(directory);
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        await().atMost(START).pollInterval(Duration.ofMillis(100)).until(this::ready);
    }

    private boolean ready() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service did not start:\n" + Files.readString(log()));
        }
        try {
            return client().get("/actuator/health/readiness").status() == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    public Client client() {
        return tls == null ? new Client(port) : Client.over(tls, port);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return directory.resolve("service.log");
    }

    /** kill −9. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something else has killed it, with −9. */
    public void awaitKilled(Duration most) {
        await().atMost(most).until(() -> !process.isAlive());
        if (process.exitValue() != KILLED) {
            throw new IllegalStateException("the service ended by itself, with " + process.exitValue());
        }
    }

    /** Sends a signal, such as STOP. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops it in order. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
