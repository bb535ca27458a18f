package dev.sluice.campaign.stream;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that was sent, said and done, in one file; and what must not have happened. Guarded by its monitor. */
public final class History implements AutoCloseable {

    private final BufferedWriter out;
    private final List<String> violations = new ArrayList<>();

    public History(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    /** Adds a line, with the time. */
    public synchronized void add(String line) {
        try {
            out.write(Instant.now() + " " + line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds what breaks the contract. */
    public synchronized void violation(String what) {
        violations.add(what);
        add("VIOLATION " + what);
        System.out.println("VIOLATION " + what);
    }

    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
