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

    private record Entry(String name, long bytes) {}

    private Segments() {}

    static void read(Path directory, String state, Expected expected) throws IOException {
        for (Entry segment : segments(directory, state)) {
            byte[] bytes = Files.readAllBytes(directory.resolve(segment.name()));
            if (bytes.length < segment.bytes()) {
                expected.take(-1, segment.name() + " has " + bytes.length + " bytes of " + segment.bytes());
                return;
            }
            String text = new String(bytes, 0, (int) segment.bytes(), StandardCharsets.UTF_8);
            if (!text.isEmpty() && !text.endsWith("\n")) {
                expected.take(-1, segment.name() + " ends within a line");
            }
            text.lines().forEach(expected::take);
        }
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
