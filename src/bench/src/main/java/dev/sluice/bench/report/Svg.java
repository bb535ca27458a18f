package dev.sluice.bench.report;

/** What all pictures share: readable on a light and on a dark page. */
final class Svg {

    private static final String STYLE = """
            <style>
            text{font:13px system-ui,sans-serif;fill:#24292f}.small{font-size:11px;fill:#57606a}.title{font-weight:600}
            .ours{fill:#0969da}.theirs{fill:#8c959f}.whisker,.axis{stroke:#57606a;stroke-width:1.5;fill:none}
            .dot{fill:#24292f}.line{stroke:#0969da;stroke-width:1.5;fill:none}.grid{stroke:#d0d7de;stroke-width:1}
            .ground{fill:#ffffff}
            @media (prefers-color-scheme:dark){text,.dot{fill:#e6edf3}.small{fill:#9198a1}.ours{fill:#4493f8}
            .theirs{fill:#656c76}.whisker,.axis{stroke:#9198a1}.line{stroke:#4493f8}.grid{stroke:#3d444d}.ground{fill:#0d1117}}
            </style>
            """;

    private Svg() {}

    static String document(int width, int height, String content) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n"
                        .formatted(width, height, width, height)
                + STYLE
                + "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n"
                + content
                + "</svg>\n";
    }

    static String text(double x, double y, String kind, String anchor, String text) {
        return "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>%n"
                .formatted(x, y, kind, anchor, escaped(text));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns a round number that is not below the value. */
    static double roundUp(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 1.5, 2, 3, 4, 5, 6, 8, 10}) {
            if (step * power >= value) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
