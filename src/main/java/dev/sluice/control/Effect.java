package dev.sluice.control;

/**
 * Where a change holds.
 *
 * @param seen how many of the living replicas know of it
 * @param alive how many replicas give signs of life
 */
public record Effect(int seen, int alive) {

    /** Returns it as people write it, like {@code 2/2}. */
    public String text() {
        return seen + "/" + alive;
    }

    boolean everywhere() {
        return seen >= alive;
    }
}
