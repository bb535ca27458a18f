package dev.sluice.browse;

/**
 * A line of what has changed.
 *
 * @param kind {@code same}, {@code gone} or {@code added}
 */
public record DiffLine(String kind, String text) {

    /** Returns the sign at its beginning. */
    public String sign() {
        return switch (kind) {
            case "gone" -> "−";
            case "added" -> "+";
            default -> " ";
        };
    }
}
