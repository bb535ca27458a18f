package dev.sluice.commit;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Runs steps that wait for a disk at the same time, a few of them, and waits for all. Thread-safe. */
@Component
class SideBySide {

    private static final int AT_A_TIME = 8;

    private final LaneThreads threads;

    SideBySide(LaneThreads threads) {
        this.threads = threads;
    }

    /** Returns once all have run, some of them by the caller; none may throw. */
    void run(List<Runnable> steps) {
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(steps.size());
        Runnable worker = () -> {
            for (int i = next.getAndIncrement(); i < steps.size(); i = next.getAndIncrement()) {
                try {
                    steps.get(i).run();
                } finally {
                    done.countDown();
                }
            }
        };
        for (int i = 1; i < Math.min(AT_A_TIME, steps.size()); i++) {
            threads.execute(worker);
        }
        worker.run();
        awaitAll(done);
    }

    /* Whoever is interrupted still has to know what became of each step. */
    private static void awaitAll(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
