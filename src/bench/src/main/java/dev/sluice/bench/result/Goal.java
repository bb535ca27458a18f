package dev.sluice.bench.result;

/** A bound that a value shall keep. */
public record Goal(Kind kind, double bound) {

    /** On which side of the bound the goal lies. */
    public enum Kind {
        AT_LEAST,
        AT_MOST,
        NONE
    }

    public static Goal atLeast(double bound) {
        return new Goal(Kind.AT_LEAST, bound);
    }

    public static Goal atMost(double bound) {
        return new Goal(Kind.AT_MOST, bound);
    }

    public static Goal none() {
        return new Goal(Kind.NONE, 0);
    }

    boolean reachedBy(double value) {
        return switch (kind) {
            case AT_LEAST -> value >= bound;
            case AT_MOST -> value <= bound;
            case NONE -> true;
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case AT_LEAST -> "≥ " + Numbers.text(bound);
            case AT_MOST -> "≤ " + Numbers.text(bound);
            case NONE -> "none";
        };
    }
}
