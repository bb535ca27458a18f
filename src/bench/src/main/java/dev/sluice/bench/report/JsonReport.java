package dev.sluice.bench.report;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Outcome;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report for programs. */
final class JsonReport {

    private JsonReport() {}

    static String of(Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("startedAt", report.date());
        json.put("command", report.command());
        json.put("quick", report.quick());
        json.put("rounds", report.rounds());
        json.put("machine", report.machine());
        json.put("versions", report.versions());
        json.put("settings", report.settings());
        json.put(
                "questions", report.outcomes().stream().map(JsonReport::outcome).toList());
        json.put("repeatedRequests", report.troubles());
        return Json.of(json);
    }

    private static Map<String, Object> outcome(Outcome outcome) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", outcome.name());
        json.put("title", outcome.title());
        json.put("goal", outcome.goal());
        json.put("seconds", outcome.seconds());
        Answer answer = outcome.answer();
        if (answer == null) {
            json.put(outcome.asked() ? "error" : "notRun", outcome.failure());
            return json;
        }
        json.put("series", answer.series().stream().map(JsonReport::series).toList());
        json.put("verdicts", answer.verdicts().stream().map(JsonReport::verdict).toList());
        json.put("notes", answer.notes());
        json.put(
                "overTime",
                answer.lines().stream()
                        .map(line -> Map.of("name", line.name(), "unit", line.unit(), "values", line.values()))
                        .toList());
        return json;
    }

    private static Map<String, Object> series(Series series) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", series.name());
        json.put("unit", series.unit());
        json.put("median", series.median());
        json.put("min", series.min());
        json.put("max", series.max());
        json.put("values", List.copyOf(series.values()));
        return json;
    }

    private static Map<String, Object> verdict(Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", verdict.what());
        json.put("value", verdict.value());
        json.put("unit", verdict.unit());
        json.put(
                "goal",
                verdict.goal().kind() == Goal.Kind.NONE ? null : verdict.goal().toString());
        json.put("reached", verdict.reached());
        return json;
    }
}
