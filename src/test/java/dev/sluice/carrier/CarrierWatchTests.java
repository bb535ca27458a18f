package dev.sluice.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool stands for the JVM's scheduler: its threads for the carriers, its tasks for virtual threads. */
class CarrierWatchTests {

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());

    private final Carriers carriers = new Carriers() {
        @Override
        OptionalInt more() {
            asked++;
            pool.setMaximumPoolSize(2 * pool.getMaximumPoolSize());
            pool.setCorePoolSize(pool.getMaximumPoolSize());
            return OptionalInt.of(pool.getCorePoolSize());
        }
    };

    private final CarrierWatch watch = new CarrierWatch(pool, carriers);
    private int asked;

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void leavesThemAloneAsLongAsTheyRun() throws Exception {
        for (int i = 0; i < 20; i++) {
            watch.look();
            pool.submit(() -> {}).get();
        }
        assertThat(asked).isZero();
    }

    /* The only carrier waits for something that only another virtual thread can do. */
    @Test
    void freesThoseThatWaitForEachOther() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch freed = new CountDownLatch(1);
        pool.execute(() -> {
            try {
                done.await();
                freed.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        pool.execute(done::countDown);
        for (int i = 0; i < 5; i++) {
            watch.look();
            assertThat(asked).isZero();
        }
        watch.look();
        assertThat(asked).isEqualTo(1);
        assertThat(freed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void canHaveMoreWhereTheJdkHasAWayToAsk() {
        OptionalInt before = new Carriers().more();
        assertThat(before.isPresent()).isEqualTo(Runtime.version().feature() >= 24);
        before.ifPresent(
                carriers -> assertThat(new Carriers().more().getAsInt()).isEqualTo(Math.min(256, 2 * carriers)));
    }
}
