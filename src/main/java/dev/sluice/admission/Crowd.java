package dev.sluice.admission;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Those of a sink who found no room, and when they may come again. Whoever was let in sends the next batch at once, so
 * that one who comes back takes the place of another or has sent a body to be thrown away: a few of them in a second, in
 * proportion to what is let in, give everybody a turn and leave the work to the work. Guarded by whoever has it.
 */
final class Crowd {

    /** In seconds. What holds things up may end at any time, and then nobody should be away for long. */
    static final int LATEST = 15;

    /* While little is known and for few. Not all at the same moment, or they would meet again. */
    private static final int SOON = 3;

    /* How many come back in a second, of as many as are let in. */
    private static final double PART = 0.25;

    /* Of what can be let in, from one second to the next: it is less while something holds things up. */
    private static final double KEPT = 0.9;

    private final int[] expected = new int[LATEST + 1];
    private long second;
    private int letIn;
    private boolean full;
    /** What can be let in, of seconds in which somebody found no room. */
    private double perSecond;

    Crowd(long second) {
        this.second = second;
    }

    /** To be told of each who is let in. */
    void letIn(long now) {
        goOnTo(now);
        letIn++;
    }

    /** Returns after how many seconds one who is refused may come again. */
    int next(long now) {
        goOnTo(now);
        int wait = ThreadLocalRandom.current().nextInt(1, range() + 1);
        expected[slot(now + wait)]++;
        full = true;
        return wait;
    }

    /** Whether it would be the same if it were made anew. */
    boolean isIdle(long now) {
        goOnTo(now);
        return letIn == 0 && waiting() == 0;
    }

    /* The mean of the waits is half of their range. */
    private int range() {
        if (perSecond < 1) {
            return SOON;
        }
        double seconds = 2 * waiting() / (PART * perSecond);
        return (int) Math.max(SOON, Math.min(LATEST, Math.ceil(seconds)));
    }

    private int waiting() {
        return Arrays.stream(expected).sum();
    }

    private void goOnTo(long now) {
        while (second < now) {
            second++;
            expected[slot(second)] = 0;
            perSecond = full ? Math.max(letIn, KEPT * perSecond) : perSecond;
            letIn = 0;
            full = false;
        }
    }

    private static int slot(long second) {
        return Math.floorMod(second, LATEST + 1);
    }
}
