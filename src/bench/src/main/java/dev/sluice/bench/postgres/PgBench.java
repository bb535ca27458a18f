package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs Sluice's transaction by pgbench, prepared, with so many clients. */
public final class PgBench {

    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
    private static final Pattern FAILED = Pattern.compile("failed transactions: (\\d+)");
    private static final Pattern PROCESSED = Pattern.compile("actually processed: (\\d+)");

    /**
     * @param tps transactions a second
     * @param p50 and p99 in microseconds to its commit from when a transaction was due, or, without a rate, from its
     *     beginning; 0 where they were not taken
     */
    public record Result(double tps, long transactions, long p50, long p99) {}

    private final Database database;
    private final String pgbench;
    private final Path directory;

    public PgBench(Database database, Tools tools, Path directory) {
        this.database = database;
        this.pgbench = tools.pgbench();
        this.directory = directory;
    }

    /** Runs for so many seconds; at most {@code rate} transactions a second, 0 for as many as go. */
    public Result run(PgBenchScript script, int clients, int seconds, double rate)
            throws IOException, InterruptedException {
        return run(script, clients, seconds, rate, rate > 0);
    }

    /** Runs for so many seconds, as many transactions as go, and takes the time of each. */
    public Result timed(PgBenchScript script, int clients, int seconds) throws IOException, InterruptedException {
        return run(script, clients, seconds, 0, true);
    }

    private Result run(PgBenchScript script, int clients, int seconds, double rate, boolean timed)
            throws IOException, InterruptedException {
        removeLogs();
        Path file = Files.writeString(directory.resolve("transaction.sql"), script.sql());
        List<String> command = new ArrayList<>(List.of(
                pgbench,
                "-n",
                "-M",
                "prepared",
                "-c",
                "" + clients,
                "-j",
                "" + Math.min(2, clients),
                "-T",
                "" + seconds,
                "-f",
                file.toString()));
        script.variables().forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
        if (rate > 0) {
            command.addAll(List.of("-R", "%.1f".formatted(rate)));
        }
        if (timed) {
            command.addAll(List.of("-l", "--log-prefix=transactions"));
        }
        String said =
                Child.run(directory, "pgbench", Duration.ofSeconds(seconds + 120L), database.environment(), command);
        long failed = number(FAILED, said);
        if (failed > 0) {
            throw new IOException("pgbench: " + failed + " transactions failed");
        }
        long[] latencies = timed ? latencies() : new long[] {0};
        return new Result(
                Double.parseDouble(find(TPS, said)),
                number(PROCESSED, said),
                latencies[latencies.length / 2],
                latencies[(int) Math.ceil(0.99 * latencies.length) - 1]);
    }

    // Line: client, transaction, latency in microseconds (with a rate, since it was due), script, time, …
    private long[] latencies() throws IOException {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "transactions.*")) {
            for (Path log : logs) {
                lines.addAll(Files.readAllLines(log));
            }
        }
        return Stream.of(lines.toArray(String[]::new))
                .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
                .sorted()
                .toArray();
    }

    private void removeLogs() throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "transactions.*")) {
            for (Path log : logs) {
                Files.delete(log);
            }
        }
    }

    private static long number(Pattern pattern, String text) throws IOException {
        return Long.parseLong(find(pattern, text));
    }

    private static String find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("pgbench said something unknown: " + text);
        }
        return matcher.group(1);
    }
}
