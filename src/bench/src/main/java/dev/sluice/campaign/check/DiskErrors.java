package dev.sluice.campaign.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Counts what the logs of services and databases, and the answers, say of disks: it shows that such faults reached them. */
public final class DiskErrors {

    private static final List<String> WORDS =
            List.of("Input/output error", "No space left on device", "File too large", "Too many open files");

    private DiskErrors() {}

    /** Returns how many lines of all logs and of the history below a directory tell of one. */
    public static int count(Path home) throws IOException {
        try (Stream<Path> files = Files.find(
                home, 2, (path, attributes) -> path.toString().matches(".*/(service|postgres|history)\\.log"))) {
            int count = 0;
            for (Path log : (Iterable<Path>) files::iterator) {
                count += countIn(log);
            }
            return count;
        }
    }

    private static int countIn(Path log) throws IOException {
        // A process that was killed may have left half a character.
        InputStreamReader text = new InputStreamReader(
                Files.newInputStream(log),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE));
        try (BufferedReader lines = new BufferedReader(text)) {
            return (int) lines.lines()
                    .filter(line -> WORDS.stream().anyMatch(line::contains))
                    .count();
        }
    }
}
