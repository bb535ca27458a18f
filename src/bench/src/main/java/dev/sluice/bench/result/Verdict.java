package dev.sluice.bench.result;

/**
 * A value next to its goal.
 *
 * @param unit "×" for a ratio of Sluice to something else
 */
public record Verdict(String what, double value, String unit, Goal goal) {

    public static final String RATIO = "×";

    /** Compares the medians of two sides. */
    public static Verdict ratio(Series ours, Series theirs, Goal goal) {
        return new Verdict(ours.name() + " : " + theirs.name(), ours.median() / theirs.median(), RATIO, goal);
    }

    public boolean reached() {
        return goal.reachedBy(value);
    }

    /** Whether Sluice comes off worse: than the goal, or than the other side. */
    public boolean losing() {
        boolean worse = unit.equals(RATIO)
                && switch (goal.kind()) {
                    case AT_LEAST, NONE -> value < 1;
                    case AT_MOST -> value > 1;
                };
        return worse || !reached();
    }

    /** Says "reached" or by how much it was missed. */
    public String outcome() {
        if (goal.kind() == Goal.Kind.NONE) {
            return "no goal";
        }
        if (reached()) {
            return "reached";
        }
        return "missed by %s %%".formatted(Numbers.text(Math.abs(value / goal.bound() - 1) * 100));
    }
}
