package dev.sluice.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the figures of several campaigns, as Markdown. */
public final class Figures {

    private static final List<String> COLUMNS =
            List.of("seed", "seconds", "services", "acknowledged", "compared", "disk-errors", "losses", "violations");

    private Figures() {}

    /** Prints two tables. The arguments are the directories of reports. */
    public static void main(String[] directories) throws IOException {
        List<Map<String, Long>> runs = new ArrayList<>();
        for (String directory : directories) {
            runs.add(read(Path.of(directory).resolve("figures.txt")));
        }
        Map<String, Long> sums = new TreeMap<>();
        runs.forEach(run -> run.forEach((name, value) -> sums.merge(name, value, Long::sum)));
        StringBuilder text =
                new StringBuilder("| " + String.join(" | ", COLUMNS) + " |\n" + "|---".repeat(COLUMNS.size()) + "|\n");
        runs.forEach(run -> row(text, run, ""));
        sums.remove("seed");
        sums.remove("services");
        row(text, sums, "**");
        text.append("\n| Fault | Times |\n|---|---|\n");
        sums.forEach((name, count) -> {
            if (name.startsWith("fault ") || name.startsWith("commits ")) {
                text.append("| %s | %,d |%n"
                        .formatted(name.replaceFirst("^fault ", "").replace("commits ", "COMMITs: "), count));
            }
        });
        System.out.println(text);
    }

    private static Map<String, Long> read(Path file) throws IOException {
        Map<String, Long> figures = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            int split = line.lastIndexOf(' ');
            figures.put(line.substring(0, split), Long.parseLong(line.substring(split + 1)));
        }
        return figures;
    }

    private static void row(StringBuilder text, Map<String, Long> figures, String mark) {
        for (String column : COLUMNS) {
            Long value = figures.get(column);
            text.append("| ");
            if (value != null) {
                text.append(mark)
                        .append(column.equals("seed") ? value.toString() : "%,d".formatted(value))
                        .append(mark);
            }
            text.append(' ');
        }
        text.append("|\n");
    }
}
