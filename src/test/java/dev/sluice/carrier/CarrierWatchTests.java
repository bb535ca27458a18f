package dev.sluice.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A pool stands for the JVM's scheduler: its threads for the carriers, its tasks for virtual threads. */
class CarrierWatchTests {

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());

    private final Carriers carriers = new Carriers() {
        @Override
        boolean more() {
            setPool(2 * pool.getCorePoolSize());
            return true;
        }

        @Override
        void asUsual() {
            setPool(1);
        }
    };

    private final CarrierWatch watch = new CarrierWatch(pool);

    private void setPool(int threads) {
        pool.setCorePoolSize(Math.min(threads, pool.getMaximumPoolSize()));
        pool.setMaximumPoolSize(threads);
        pool.setCorePoolSize(threads);
    }

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void leavesThemAloneAsLongAsTheyRun() throws Exception {
        for (int i = 0; i < 20; i++) {
            watch.look(carriers);
            pool.submit(() -> {}).get();
        }
        assertThat(pool.getCorePoolSize()).isEqualTo(1);
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
            assertThat(pool.getCorePoolSize()).isEqualTo(1);
            watch.look(carriers);
        }
        watch.look(carriers);
        assertThat(pool.getCorePoolSize()).isEqualTo(2);
        assertThat(freed.await(30, TimeUnit.SECONDS)).isTrue();

        await().untilAsserted(() -> {
            watch.look(carriers);
            assertThat(pool.getCorePoolSize()).isEqualTo(1);
        });
    }

    @Test
    void canHaveMoreWhereTheJdkHasAWayToAsk() {
        Carriers ofTheJdk = new Carriers();
        int usual = ofTheJdk.count();
        assertThat(usual > 0).isEqualTo(Runtime.version().feature() >= 24);
        assertThat(ofTheJdk.more()).isEqualTo(usual > 0 && usual < 256);
        assertThat(new Carriers().count()).isEqualTo(ofTheJdk.count());
        ofTheJdk.asUsual();
        assertThat(new Carriers().count()).isEqualTo(usual);
    }

    @Test
    void isThereWhereVirtualThreadsAre() {
        new ApplicationContextRunner()
                .withUserConfiguration(CarrierWatchConfiguration.class)
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(context.getBeansOfType(CarrierWatch.class))
                        .hasSize(Runtime.version().feature() < 21 ? 0 : 1));
    }
}
