package dev.sluice.bench.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws collapsed stacks ("a;b;c 42" a line): as wide as often seen, callees above their callers. */
public final class FlameGraph {

    private static final int WIDTH = 1200;
    private static final int ROW = 17;
    private static final double NARROWEST = 0.6;

    private static final class Frame {
        private final Map<String, Frame> callees = new TreeMap<>();
        private long samples;

        int depth(long least) {
            return samples < least
                    ? 0
                    : 1
                            + callees.values().stream()
                                    .mapToInt(callee -> callee.depth(least))
                                    .max()
                                    .orElse(0);
        }
    }

    private final long total;
    private final int height;
    private final StringBuilder out = new StringBuilder();

    private FlameGraph(Frame root) {
        total = root.samples;
        height = (root.depth((long) Math.ceil(NARROWEST * total / WIDTH)) + 2) * ROW + 20;
    }

    public static String of(List<String> collapsed, String title) {
        Frame root = new Frame();
        for (String line : collapsed) {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                add(root, line.substring(0, space).split(";"), Long.parseLong(line.substring(space + 1)));
            }
        }
        FlameGraph graph = new FlameGraph(root);
        graph.out.append("<style>.frame text{font-size:11px;fill:#1f2328;pointer-events:none}"
                + ".frame:hover rect{stroke:#1f2328}</style>\n");
        graph.out.append(Svg.text(10, 20, "title", "start", title + ", " + root.samples + " samples"));
        graph.draw(root, "all", 0, 0);
        return Svg.document(WIDTH, graph.height, graph.out.toString());
    }

    private static void add(Frame root, String[] stack, long samples) {
        Frame frame = root;
        frame.samples += samples;
        for (String name : stack) {
            frame = frame.callees.computeIfAbsent(name, key -> new Frame());
            frame.samples += samples;
        }
    }

    private void draw(Frame frame, String name, double x, int depth) {
        double width = (double) WIDTH * frame.samples / Math.max(1, total);
        if (width < NARROWEST) {
            return;
        }
        int y = height - (depth + 1) * ROW - 4;
        int fits = (int) (width / 6.6) - 1;
        String simple = name.substring(name.lastIndexOf('/') + 1);
        String label = fits < 3 ? "" : simple.length() <= fits ? simple : simple.substring(0, fits - 1) + "…";
        out.append(
                "<g class=\"frame\"><title>%s (%.2f %%)</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                        .formatted(
                                Svg.escaped(name), 100.0 * frame.samples / total, x, y, width, ROW - 1, colour(name)));
        if (!label.isEmpty()) {
            out.append("<text x=\"%.1f\" y=\"%d\">%s</text>".formatted(x + 3, y + 12, Svg.escaped(label)));
        }
        out.append("</g>\n");
        double at = x;
        for (Map.Entry<String, Frame> callee : frame.callees.entrySet()) {
            draw(callee.getValue(), callee.getKey(), at, depth + 1);
            at += (double) WIDTH * callee.getValue().samples / total;
        }
    }

    // Java has dots or slashes in its names, native code and the kernel have none.
    private static String colour(String name) {
        int shade = Math.floorMod(name.hashCode(), 40);
        if (name.startsWith("dev/sluice") || name.startsWith("dev.sluice")) {
            return "hsl(210 85%% %d%%)".formatted(62 + shade / 4).replace("%%", "%");
        }
        return (name.contains("/") || name.contains(".") ? "hsl(130 45%% %d%%)" : "hsl(30 80%% %d%%)")
                .formatted(62 + shade / 4)
                .replace("%%", "%");
    }
}
