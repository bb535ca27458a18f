package dev.sluice.campaign.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a partition of a file sink as its manifest says: which bytes of which segments count. */
final class Segments {

    private static final Pattern ENTRY =
            Pattern.compile("\"name\"\\s*:\\s*\"([^\"]*)\"\\s*,\\s*\"bytes\"\\s*:\\s*(\\d+)");

    private static final Pattern BYTES = Pattern.compile("\"bytes\"\\s*:\\s*(\\d+)");

    private record Entry(String name, long bytes) {}

    private Segments() {}

    static void read(Path directory, String state, Expected expected) throws IOException {
        for (Entry segment : segments(directory, state)) {
            read(directory.resolve(segment.name()), segment.bytes(), expected);
        }
    }

    /** Reads the one file of a partition, as far as its state says. */
    static void readFile(Path file, String state, Expected expected) throws IOException {
        Matcher length = BYTES.matcher(state);
        if (length.find()) {
            read(file, Long.parseLong(length.group(1)), expected);
        }
    }

    private static void read(Path file, long committed, Expected expected) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < committed) {
            expected.take(-1, file + " has " + bytes.length + " bytes of " + committed);
            return;
        }
        String text = new String(bytes, 0, (int) committed, StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            expected.take(-1, file + " ends within a line");
        }
        text.lines().forEach(expected::take);
    }

    private static List<Entry> segments(Path directory, String state) throws IOException {
        List<Entry> all = new ArrayList<>();
        int split = state.indexOf("\"segments\"");
        if (split < 0) {
            return all;
        }
        // The list in the state is the end; what is sealed comes before it, file by file backwards.
        String sealed = state.substring(0, split);
        all.addAll(entries(state.substring(split)));
        for (List<Entry> older = entries(sealed);
                !older.isEmpty() && !older.get(0).name().isEmpty(); ) {
            String file = Files.readString(directory.resolve(older.get(0).name()));
            int list = file.indexOf("\"segments\"");
            all.addAll(0, entries(file.substring(list)));
            older = entries(file.substring(0, list));
        }
        return all;
    }

    private static List<Entry> entries(String text) {
        List<Entry> entries = new ArrayList<>();
        Matcher matcher = ENTRY.matcher(text);
        while (matcher.find()) {
            entries.add(new Entry(matcher.group(1), Long.parseLong(matcher.group(2))));
        }
        return entries;
    }
}
