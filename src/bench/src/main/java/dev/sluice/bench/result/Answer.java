package dev.sluice.bench.result;

import java.util.List;

/**
 * What a question came to.
 *
 * @param notes what a reader has to know to believe it
 * @param lines pictures over time, where there are any
 */
public record Answer(List<Series> series, List<Verdict> verdicts, List<String> notes, List<Line> lines) {

    /** Values at regular moments: one a second. */
    public record Line(String name, String unit, List<Double> values) {}

    public Answer(List<Series> series, List<Verdict> verdicts, List<String> notes) {
        this(series, verdicts, notes, List.of());
    }
}
