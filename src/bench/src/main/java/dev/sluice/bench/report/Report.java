package dev.sluice.bench.report;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Everything a reader has to know to believe the numbers, or to doubt them.
 *
 * @param command how to repeat the run
 * @param troubles requests that had to be repeated, by where and why
 */
public record Report(
        Instant startedAt,
        String command,
        boolean quick,
        int rounds,
        Map<String, String> machine,
        Map<String, String> versions,
        Map<String, String> settings,
        List<Outcome> outcomes,
        Map<String, Long> troubles) {

    /** Writes it as Markdown, as JSON, and a picture for each answer. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Outcome outcome : outcomes) {
            if (outcome.answer() != null) {
                Files.writeString(directory.resolve(outcome.name() + ".svg"), picture(outcome));
            }
        }
        Files.writeString(directory.resolve("report.md"), new Markdown(this, directory).text());
        Files.writeString(directory.resolve("report.json"), JsonReport.of(this) + "\n");
    }

    String date() {
        return startedAt.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String picture(Outcome outcome) {
        Answer answer = outcome.answer();
        return answer.lines().isEmpty()
                ? BarChart.of(outcome.name(), answer.series())
                : LineChart.of(outcome.name(), answer.lines().get(0));
    }
}
