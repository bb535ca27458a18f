package dev.sluice.bench.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds psql and pgbench: where told, in PATH, or where pg_config points. */
public final class Tools {

    private final List<Path> directories = new ArrayList<>();

    public Tools(String told) {
        if (!told.isEmpty()) {
            directories.add(Path.of(told));
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            directories.add(Path.of(directory));
        }
        output("pg_config", "--bindir").ifPresent(directory -> directories.add(Path.of(directory)));
    }

    public Optional<String> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Returns what {@code program --version} says. */
    public String version(String program) {
        return find(program).flatMap(path -> output(path, "--version")).orElse(program + " not found");
    }

    /** Returns the path of pgbench, or says what is missing. */
    public String pgbench() {
        return find("pgbench")
                .orElseThrow(() -> new MissingToolException("pgbench was not found: install postgresql-contrib (or, on"
                        + " Debian, the package postgresql-NN), or say where it is by --pg-bin"));
    }

    private static Optional<String> output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
