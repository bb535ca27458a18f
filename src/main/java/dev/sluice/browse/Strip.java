package dev.sluice.browse;

import dev.sluice.call.Facts;
import java.util.ArrayList;
import java.util.List;

/**
 * The last receipts of a partition as a strip, each as wide as it has offsets.
 *
 * @param bars from the oldest to the newest
 * @param receipts the same, the newest first
 * @param first offset of the strip
 * @param end of it, exclusive
 */
public record Strip(List<Bar> bars, List<Facts> receipts, long first, long end) {

    private static final double WIDTH = 1_000;
    private static final double NARROWEST = 2;
    private static final int MOST = 60;

    /**
     * One receipt.
     *
     * @param odd whether its neighbours have another shade
     * @param holed whether it has fewer records than offsets
     */
    public record Bar(String x, String width, boolean odd, boolean holed, String words) {}

    static Strip of(List<Facts> all) {
        List<Facts> last = all.subList(Math.max(0, all.size() - MOST), all.size());
        if (last.isEmpty()) {
            return new Strip(List.of(), List.of(), 0, 0);
        }
        long first = last.get(0).number("first");
        long end = last.get(last.size() - 1).number("end");
        List<Bar> bars = new ArrayList<>();
        List<Facts> newestFirst = new ArrayList<>();
        for (Facts receipt : last) {
            double x = WIDTH * (receipt.number("first") - first) / Math.max(1, end - first);
            long offsets = receipt.number("end") - receipt.number("first");
            double width = Math.max(NARROWEST, WIDTH * offsets / Math.max(1, end - first) - 1);
            bars.add(new Bar(
                    rounded(x),
                    rounded(width),
                    bars.size() % 2 == 1,
                    receipt.number("records") < offsets,
                    "offsets " + receipt.text("first") + " to " + receipt.text("end") + ", " + receipt.text("records")
                            + " records, " + receipt.text("committedAt")));
            newestFirst.add(0, receipt);
        }
        return new Strip(bars, newestFirst, first, end);
    }

    private static String rounded(double number) {
        return Long.toString(Math.round(number));
    }
}
