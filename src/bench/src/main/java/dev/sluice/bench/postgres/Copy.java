package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads files into a peer's table by {@code psql \copy}, one process for each file, all at once. */
public final class Copy {

    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Database database;
    private final Optional<String> psql;
    private final Path directory;

    public Copy(Database database, Tools tools, Path directory) {
        this.database = database;
        this.psql = tools.find("psql");
        this.directory = directory;
    }

    /** What does it, for the report. */
    public String name() {
        return psql.isPresent() ? "psql \\copy" : "COPY by pgjdbc (no psql found)";
    }

    /** Returns the seconds from the start of the first process to the end of the last one. */
    public double load(List<Path> files) throws IOException, InterruptedException {
        return timed(files.stream().map(this::command).toList());
    }

    /** The same by a script of psql's for each file; {@code %s} in it is the file. */
    public double scripts(String script, List<Path> files) throws IOException, InterruptedException {
        return timed(files.stream()
                .map(file -> {
                    List<String> command =
                            new ArrayList<>(List.of(psql.orElseThrow(), "-X", "-q", "-v", "ON_ERROR_STOP=1"));
                    script.formatted(file).lines().forEach(line -> command.addAll(List.of("-c", line)));
                    return List.copyOf(command);
                })
                .toList());
    }

    private double timed(List<List<String>> commands) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < commands.size(); i++) {
                children.add(Child.start(directory, "copy-" + i, environment(), commands.get(i)));
            }
            for (Child child : children) {
                child.await(LIMIT);
            }
        } finally {
            children.forEach(Child::close);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private Map<String, String> environment() {
        return database.environment();
    }

    private List<String> command(Path file) {
        return psql.map(program -> List.of(
                        program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "\\copy peer.events from '" + file + "'"))
                .orElseGet(() -> Jvm.command(
                        CopyClient.class.getName(),
                        List.of(database.url(), database.username(), database.password(), file.toString())));
    }
}
