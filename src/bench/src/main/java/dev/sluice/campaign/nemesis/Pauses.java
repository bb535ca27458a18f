package dev.sluice.campaign.nemesis;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long a fault lasts: some time at random, and no longer than the campaign. */
record Pauses(AtomicBoolean stop) {

    /** Waits for a tenth of {@code most} milliseconds at least, and no longer than eleven tenths. */
    void upTo(Random random, int most) throws InterruptedException {
        atLeast(most / 10, random, most);
    }

    /** Waits for {@code least} milliseconds, and up to {@code more}. */
    void atLeast(int least, Random random, int more) throws InterruptedException {
        long until = System.nanoTime() + (least + random.nextInt(more)) * 1_000_000L;
        while (System.nanoTime() < until && !stop.get()) {
            Thread.sleep(20);
        }
    }
}
