package dev.sluice.bench.report;

import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Outcome;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The report for people. */
final class Markdown {

    private final Report report;
    private final Path directory;
    private final StringBuilder out = new StringBuilder();

    Markdown(Report report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    String text() throws IOException {
        out.append("# Sluice's speed, measured on ").append(report.date()).append("\n\n");
        if (report.quick()) {
            out.append("**A quick run: it shows that everything works, its numbers mean little.**\n\n");
        }
        out.append("Sides take turns (A B A B …), %d rounds; a value is the median of its rounds, a spread min–max.\n"
                .formatted(report.rounds()));
        out.append(
                "After each measurement of Sluice the rows in its table were counted: every acknowledged row was there,\n"
                        + "and no other (a mismatch fails the question). Each answer's status and offsets were checked.\n\n");
        summary();
        losing();
        for (Outcome outcome : report.outcomes()) {
            question(outcome);
        }
        if (!report.troubles().isEmpty()) {
            out.append(
                    "## Requests that were repeated\n\nAnswered by 409, 429 or 503, or not at all (0), and sent again, by status:\n\n");
            report.troubles()
                    .forEach((what, times) -> out.append("* ")
                            .append(what)
                            .append(", runs: ")
                            .append(times)
                            .append('\n'));
            out.append('\n');
        }
        facts("Machine", report.machine());
        facts("Versions", report.versions());
        facts("Settings of PostgreSQL, the same for all sides", report.settings());
        out.append("## How to repeat it\n\n```sh\n").append(report.command()).append("\n```\n");
        return out.toString();
    }

    private void summary() {
        out.append("| Question | Compared | Value | Goal | |\n|---|---|---|---|---|\n");
        for (Outcome outcome : report.outcomes()) {
            if (outcome.answer() == null) {
                out.append("| [%s](#%s) | – | – | %s | **%s** |%n"
                        .formatted(
                                outcome.name(),
                                outcome.name(),
                                outcome.goal(),
                                outcome.asked() ? "failed" : "not run"));
                continue;
            }
            for (Verdict verdict : outcome.answer().verdicts()) {
                out.append("| [%s](#%s) | %s | **%s %s** | %s | %s |%n"
                        .formatted(
                                outcome.name(),
                                outcome.name(),
                                verdict.what(),
                                Numbers.text(verdict.value()),
                                verdict.unit(),
                                verdict.goal(),
                                verdict.outcome()));
            }
        }
        out.append('\n');
    }

    private void losing() {
        out.append(
                "## Losing cases\n\nEvery value that misses its goal, and every ratio at which Sluice is the slower one:\n\n");
        String cases = report.outcomes().stream()
                .filter(outcome -> outcome.answer() != null)
                .flatMap(outcome -> outcome.answer().verdicts().stream()
                        .filter(Verdict::losing)
                        .map(verdict -> "* %s: %s is %s %s (goal %s: %s)"
                                .formatted(
                                        outcome.name(),
                                        verdict.what(),
                                        Numbers.text(verdict.value()),
                                        verdict.unit(),
                                        verdict.goal(),
                                        verdict.outcome())))
                .collect(Collectors.joining("\n"));
        out.append(cases.isEmpty() ? "None in this run." : cases).append("\n\n");
    }

    private void question(Outcome outcome) throws IOException {
        out.append("## ").append(outcome.name()).append("\n\n").append(outcome.title());
        out.append(". Goal: ").append(outcome.goal()).append(".\n\n");
        if (outcome.answer() == null) {
            out.append(outcome.asked() ? "**Failed**: " : "**Not run**: ");
            out.append("\n\n```text\n").append(outcome.failure()).append("\n```\n\n");
            return;
        }
        out.append("![")
                .append(outcome.name())
                .append("](")
                .append(outcome.name())
                .append(".svg)\n\n");
        out.append("| Side | Median | Spread | Rounds |\n|---|---|---|---|\n");
        for (Series series : outcome.answer().series()) {
            out.append("| %s | **%s %s** | %s–%s | %s |%n"
                    .formatted(
                            series.name().replace("\\", "\\\\"),
                            Numbers.text(series.median()),
                            series.unit(),
                            Numbers.text(series.min()),
                            Numbers.text(series.max()),
                            series.values().stream().map(Numbers::text).collect(Collectors.joining(" · "))));
        }
        out.append('\n');
        for (Verdict verdict : outcome.answer().verdicts()) {
            out.append("* %s: **%s %s**, goal %s: %s%n"
                    .formatted(
                            verdict.what(),
                            Numbers.text(verdict.value()),
                            verdict.unit(),
                            verdict.goal(),
                            verdict.outcome()));
        }
        outcome.answer().notes().forEach(note -> out.append("* ").append(note).append('\n'));
        out.append("* Took %.0f s.%n%n".formatted(outcome.seconds()));
        flames(outcome);
    }

    private void flames(Outcome outcome) throws IOException {
        try (DirectoryStream<Path> flames = Files.newDirectoryStream(directory, "flame-" + outcome.name() + "*.svg")) {
            for (Path flame : flames) {
                out.append("[Flame graph](").append(flame.getFileName()).append(")\n\n");
            }
        }
    }

    private void facts(String title, Map<String, String> facts) {
        out.append("## ").append(title).append("\n\n| | |\n|---|---|\n");
        facts.forEach((name, value) ->
                out.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        out.append('\n');
    }
}
