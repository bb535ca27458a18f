package dev.sluice.console;

import dev.sluice.call.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What sinks did lately, as the API's history tells it: the last values, lines of them, and a table. */
public final class Lately {

    /** How many points a line has. */
    public static final int POINTS_OF_A_LINE = 60;

    private static final List<String> SERIES =
            List.of("records", "refused", "p50Millis", "p99Millis", "undelivered", "oldestSeconds");
    private static final double WIDTH = 120;
    private static final double HEIGHT = 24;
    private static final int ROWS = 12;

    /**
     * A row of a table: the highest values of some minutes.
     *
     * @param end of these minutes
     */
    public record Row(
            String end, String records, String refused, String p50, String p99, String undelivered, String oldest) {}

    private final Map<String, Map<String, double[]>> bySink = new HashMap<>();
    private final String end;
    private final long stepSeconds;

    private Lately(String end, long stepSeconds) {
        this.end = end;
        this.stepSeconds = stepSeconds;
    }

    /** Takes it from an answer; from one that tells something else, nothing. */
    public static Lately of(Facts history) {
        Lately lately = new Lately(history.text("end"), history.number("stepSeconds"));
        history.list("sinks").forEach(sink -> {
            Map<String, double[]> series = new HashMap<>();
            SERIES.forEach(name -> series.put(
                    name, sink.list(name).stream().mapToDouble(Lately::value).toArray()));
            lately.bySink.put(sink.text("sink"), series);
        });
        return lately;
    }

    private static double value(Facts point) {
        return point.isEmpty() ? Double.NaN : Double.parseDouble(point.text());
    }

    /** Whether anything is known of a sink. */
    public boolean has(String sink) {
        return bySink.containsKey(sink);
    }

    /** Returns the last value of a series, as people read it; empty where it is not known. */
    public String last(String sink, String series) {
        double[] values = values(sink, series);
        return values.length == 0 ? "" : said(series, values[values.length - 1]);
    }

    private double[] values(String sink, String series) {
        return bySink.getOrDefault(sink, Map.of()).getOrDefault(series, new double[0]);
    }

    private static String said(String series, double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return switch (series) {
            case "p50Millis", "p99Millis" -> Say.millis(value);
            case "undelivered" -> Say.count(Math.round(value));
            case "oldestSeconds" -> Say.seconds(value);
            default -> Say.rate(value);
        };
    }

    /** Returns a series as lines of a picture of 120 by 24, each as the points of a polyline; none between gaps. */
    public List<String> lines(String sink, String series) {
        double[] values = values(sink, series);
        double most = Math.max(highest(values, 0, values.length), 1e-9);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                end(line, lines);
            } else {
                line.append(String.format(
                        Locale.ROOT,
                        "%.0f,%.1f ",
                        i * WIDTH / Math.max(1, values.length - 1),
                        HEIGHT - 1 - values[i] / most * (HEIGHT - 2)));
            }
        }
        end(line, lines);
        return lines;
    }

    private static void end(StringBuilder line, List<String> lines) {
        if (!line.isEmpty()) {
            lines.add(line.toString().strip());
            line.setLength(0);
        }
    }

    /** Returns the highest value of a series, as people read it. */
    public String most(String sink, String series) {
        double[] values = values(sink, series);
        return said(series, highest(values, 0, values.length));
    }

    private static double highest(double[] values, int from, int to) {
        double highest = Double.NaN;
        for (int i = from; i < to; i++) {
            if (Double.isNaN(highest) || values[i] > highest) {
                highest = values[i];
            }
        }
        return highest;
    }

    /** Returns how long a part of a table is. */
    public String partOfATable() {
        return Say.age(Duration.ofSeconds(stepSeconds * 360 / ROWS));
    }

    /** Returns the highest values of parts of what is known of a sink, the last part first; none of which nothing is. */
    public List<Row> table(String sink) {
        int points = values(sink, SERIES.get(0)).length;
        int part = Math.max(1, points / ROWS);
        List<Row> rows = new ArrayList<>();
        for (int to = points; to - part >= 0; to -= part) {
            if (!Double.isNaN(highest(values(sink, SERIES.get(0)), to - part, to))) {
                rows.add(row(sink, to - part, to, points));
            }
        }
        return rows;
    }

    private Row row(String sink, int from, int to, int points) {
        List<String> cells = SERIES.stream()
                .map(series -> said(series, highest(values(sink, series), from, to)))
                .toList();
        return new Row(
                Instant.parse(end).minusSeconds((points - to) * stepSeconds).toString(),
                cells.get(0),
                cells.get(1),
                cells.get(2),
                cells.get(3),
                cells.get(4),
                cells.get(5));
    }
}
