package dev.sluice.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program that runs, with its output in files; it does not outlive the benchmark. */
public final class Child implements AutoCloseable {

    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static volatile boolean ending;

    private final Process process;
    private final List<String> command;
    private final Path output;
    private final Path errors;

    private Child(Process process, List<String> command, Path output, Path errors) {
        this.process = process;
        this.command = command;
        this.output = output;
        this.errors = errors;
    }

    /** Starts it in a directory, where {@code name}.out and {@code name}.err take what it says. */
    public static Child start(Path directory, String name, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = directory.resolve(name + ".out");
        Path errors = directory.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        // What is set for somebody's own server or JVM must not change what is measured here.
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("PG")
                        || key.startsWith("SPRING_")
                        || key.startsWith("SLUICE_")
                        || key.startsWith("JAVA_TOOL_OPTIONS"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        if (ending) {
            throw new IOException("the benchmark is being stopped");
        }
        Child child = new Child(builder.start(), command, output, errors);
        RUNNING.add(child);
        return child;
    }

    /** Stops all that run, and lets nothing start any more. */
    static void closeAll() {
        ending = true;
        RUNNING.forEach(Child::close);
    }

    /** Leaves it to the caller to stop it, in another way or later than all others. */
    public Child detached() {
        RUNNING.remove(this);
        return this;
    }

    /** Runs it to its end and returns its standard output; fails where it fails or takes longer than allowed. */
    public static String run(
            Path directory, String name, Duration limit, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        try (Child child = start(directory, name, environment, command)) {
            return child.await(limit);
        }
    }

    /** Waits for its end and returns its standard output; fails where it fails or takes longer than allowed. */
    public String await(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new IOException(program() + " took longer than " + limit.toSeconds() + " s: " + errors());
        }
        RUNNING.remove(this);
        if (process.exitValue() != 0) {
            throw new IOException(program() + " ended with " + process.exitValue() + ": " + errors());
        }
        return Files.readString(output);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Writes a line to its standard input. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Returns the last of what it has said, standard error first. */
    public String errors() throws IOException {
        String said = Files.readString(errors) + tail(Files.readString(output));
        return tail(said.strip());
    }

    public Path output() {
        return output;
    }

    /** Asks it to end, and ends it if it does not. */
    @Override
    public void close() {
        close(GRACE);
    }

    /** Asks it to end, and ends it if it has not after so long. */
    public void close(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(this);
    }

    private String program() {
        return Path.of(command.get(0)).getFileName().toString();
    }

    private static String tail(String text) {
        return text.length() < 3_000 ? text : "… " + text.substring(text.length() - 3_000);
    }
}
