package dev.sluice.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it said. */
record Command(int exitCode, String output) {

    static final int TIMED_OUT = -1;
    static final int NOT_STARTED = -2;

    boolean succeeded() {
        return exitCode == 0;
    }

    /** Runs it in {@code directory}; a program that is missing or too slow is a result too, not an exception. */
    static Command run(Path directory, Duration timeout, List<String> arguments) {
        try {
            // A file and not a pipe: a program that leaves a daemon behind would keep the pipe open.
            Path output = Files.createTempFile("sluice-command", ".out");
            try {
                return run(directory, timeout, arguments, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command run(Path directory, Duration timeout, List<String> arguments, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Command(NOT_STARTED, String.valueOf(e.getMessage()));
        }
        int exitCode = await(process, timeout);
        return new Command(
                exitCode, Files.readString(output, StandardCharsets.UTF_8).strip());
    }

    private static int await(Process process, Duration timeout) {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return TIMED_OUT;
    }
}
