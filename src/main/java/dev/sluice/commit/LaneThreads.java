package dev.sluice.commit;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Runs what no request thread is left to do: at most one task for each lane, and no fewer at once, for one that waits for
 * a slow target must not keep the others waiting – nor the end of the process. Whoever waits is answered in any case:
 * where there is no other thread, by the caller's.
 */
@Component
class LaneThreads implements Executor, DisposableBean {

    private final ExecutorService threads;

    LaneThreads() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory("lane-");
        factory.setDaemon(true);
        this.threads = Executors.newCachedThreadPool(factory);
    }

    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The service stops, or there is no room for another thread.
            task.run();
        }
    }

    @Override
    public void destroy() {
        threads.shutdown();
    }
}
