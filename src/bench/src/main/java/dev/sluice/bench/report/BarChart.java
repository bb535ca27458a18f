package dev.sluice.bench.report;

import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import java.util.List;

/** A bar for the median of each side, a dot for each round, a whisker from the least to the greatest. */
final class BarChart {

    private static final int WIDTH = 890;
    private static final int LEFT = 290;
    private static final int RIGHT = 130;
    private static final int TOP = 44;
    private static final int ROW = 34;

    private BarChart() {}

    static String of(String title, List<Series> series) {
        StringBuilder out = new StringBuilder();
        int height = TOP + ROW * series.size() + 34;
        double top = Svg.roundUp(series.stream().mapToDouble(Series::max).max().orElse(1));
        double scale = (WIDTH - LEFT - RIGHT) / top;
        out.append(Svg.text(14, 24, "title", "start", title));
        for (int i = 0; i <= 4; i++) {
            double x = LEFT + top * i / 4 * scale;
            out.append("<path class=\"grid\" d=\"M%.1f %dV%d\"/>%n".formatted(x, TOP - 4, height - 28));
            out.append(Svg.text(x, height - 12, "small", "middle", Numbers.text(top * i / 4)));
        }
        for (int i = 0; i < series.size(); i++) {
            out.append(row(series.get(i), TOP + ROW * i, scale));
        }
        return Svg.document(WIDTH, height, out.toString());
    }

    private static String row(Series series, int y, double scale) {
        StringBuilder out = new StringBuilder();
        double middle = y + ROW / 2.0 - 2;
        String kind = ours(series.name()) ? "ours" : "theirs";
        out.append(Svg.text(LEFT - 10, middle + 4, "", "end", series.name()));
        out.append(
                "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"20\" rx=\"2\"><title>%s</title></rect>%n"
                        .formatted(
                                kind,
                                LEFT,
                                middle - 10,
                                series.median() * scale,
                                Svg.escaped(series.values().toString())));
        if (series.values().size() > 1) {
            out.append("<path class=\"whisker\" d=\"M%.1f %.1fH%.1f\"/>%n"
                    .formatted(LEFT + series.min() * scale, middle, LEFT + series.max() * scale));
            for (double value : series.values()) {
                out.append("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>%n"
                        .formatted(LEFT + value * scale, middle));
            }
        }
        out.append(Svg.text(
                LEFT + series.max() * scale + 8,
                middle + 4,
                "",
                "start",
                Numbers.text(series.median()) + " " + series.unit()));
        return out.toString();
    }

    private static boolean ours(String name) {
        return !(name.startsWith("pgbench")
                || name.startsWith("psql")
                || name.startsWith("COPY")
                || name.startsWith("JDBC")
                || name.startsWith("Kafka"));
    }
}
