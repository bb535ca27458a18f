package dev.sluice.bench.report;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Numbers;

/** A value over time, one a second. */
final class LineChart {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 280;
    private static final int LEFT = 60;
    private static final int TOP = 44;
    private static final int BOTTOM = 36;

    private LineChart() {}

    static String of(String title, Answer.Line line) {
        StringBuilder out = new StringBuilder(Svg.text(14, 24, "title", "start", title));
        double top = Svg.roundUp(
                line.values().stream().mapToDouble(Double::doubleValue).max().orElse(1));
        int plotWidth = WIDTH - LEFT - 20;
        int plotHeight = HEIGHT - TOP - BOTTOM;
        for (int i = 0; i <= 4; i++) {
            double y = TOP + plotHeight * (1 - i / 4.0);
            out.append("<path class=\"grid\" d=\"M%d %.1fH%d\"/>%n".formatted(LEFT, y, LEFT + plotWidth));
            out.append(Svg.text(LEFT - 8, y + 4, "small", "end", Numbers.text(top * i / 4)));
        }
        int count = line.values().size();
        int step = Math.max(1, count / plotWidth);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < count; i += step) {
            points.append("%.1f,%.1f "
                    .formatted(
                            LEFT + (double) plotWidth * i / Math.max(1, count - 1),
                            TOP + plotHeight * (1 - line.values().get(i) / top)));
        }
        out.append("<polyline class=\"line\" points=\"").append(points).append("\"/>\n");
        out.append(Svg.text(LEFT, HEIGHT - 12, "small", "start", line.name() + " in " + line.unit() + ", 0 s"));
        out.append(Svg.text(LEFT + plotWidth, HEIGHT - 12, "small", "end", count + " s"));
        return Svg.document(WIDTH, HEIGHT, out.toString());
    }
}
