package dev.sluice.admission;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When those of a sink who found no room may come again: in each of the next seconds as many are expected as were let in
 * lately, and some more, so that no place stays free because one of them does not come. However large the crowd is, no
 * more than these are refused again. Guarded by whoever has it.
 */
final class Turns {

    /** In seconds. What holds things up may end at any time, and then nobody should be away for long. */
    static final int LATEST = 10;

    private static final double SOME_MORE = 1.25;

    /* Of what was let in per second, kept from one second to the next: little is let in while something holds it up. */
    private static final double KEPT = 0.9;

    private static final int FEWEST = 8;

    private final int[] expected = new int[LATEST + 1];
    private long second;
    private int letIn;
    private double perSecond;

    Turns(long second) {
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
        double most = Math.max(FEWEST, SOME_MORE * Math.max(perSecond, letIn));
        for (int wait = 1; wait <= LATEST; wait++) {
            int slot = slot(now + wait);
            if (expected[slot] < most) {
                expected[slot]++;
                return wait;
            }
        }
        return ThreadLocalRandom.current().nextInt(LATEST / 2, LATEST) + 1;
    }

    /** Whether it would be the same if it were made anew. */
    boolean isIdle(long now) {
        goOnTo(now);
        return letIn == 0 && perSecond < 1 && Arrays.stream(expected).sum() == 0;
    }

    private void goOnTo(long now) {
        while (second < now) {
            expected[slot(second)] = 0;
            perSecond = Math.max(letIn, KEPT * perSecond);
            letIn = 0;
            second++;
        }
    }

    private static int slot(long second) {
        return Math.floorMod(second, LATEST + 1);
    }
}
