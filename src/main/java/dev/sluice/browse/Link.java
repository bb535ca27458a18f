package dev.sluice.browse;

/**
 * A sink in the picture of a chain.
 *
 * @param guarantee empty where it cannot be told
 * @param x of its left edge
 * @param y of its upper edge
 * @param fromX of the right edge of the one that hands on to it, negative where there is none
 * @param fromY of the middle of that edge
 */
public record Link(String sink, String type, String guarantee, int x, int y, int fromX, int fromY) {

    static final int WIDTH = 190;
    static final int HEIGHT = 52;

    private static final int LONGEST = 22;

    /** Returns the id, cut where it does not fit. */
    public String name() {
        return sink.length() > LONGEST ? sink.substring(0, LONGEST) + "…" : sink;
    }
}
