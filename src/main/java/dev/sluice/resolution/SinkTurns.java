package dev.sluice.resolution;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps on a few threads, those of a sink one after the other: a sink that is slow keeps one thread, however much
 * there is to do for it. What waits for its turn or its time keeps none. Thread-safe.
 */
final class SinkTurns {

    private static final Logger log = LoggerFactory.getLogger(SinkTurns.class);

    private final ScheduledThreadPoolExecutor executor;
    /* What waits for a sink of which a step runs; sinks of which none does are not in it. Guarded by the monitor. */
    private final Map<String, Queue<Runnable>> behind = new HashMap<>();

    SinkTurns(int threads, String name) {
        this.executor = new ScheduledThreadPoolExecutor(threads, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Has a step for a sink run when the time is over and it has its turn. */
    void in(String sink, long millis, Runnable step) {
        try {
            Future<?> unused = executor.schedule(() -> enter(sink, step), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("A step for {} is left to another replica: the service stops", sink);
        }
    }

    private void enter(String sink, Runnable step) {
        synchronized (this) {
            Queue<Runnable> waiting = behind.get(sink);
            if (waiting != null) {
                waiting.add(step);
                return;
            }
            behind.put(sink, new ArrayDeque<>());
        }
        run(sink, step);
    }

    private void run(String sink, Runnable step) {
        try {
            step.run();
        } finally {
            next(sink);
        }
    }

    /* Behind what other sinks wait for. */
    private void next(String sink) {
        Runnable next;
        synchronized (this) {
            Queue<Runnable> waiting = behind.get(sink);
            next = waiting == null ? null : waiting.poll();
            if (next == null) {
                behind.remove(sink);
                return;
            }
        }
        try {
            executor.execute(() -> run(sink, next));
        } catch (RejectedExecutionException e) {
            log.debug("A step for {} is left to another replica: the service stops", sink);
        }
    }

    void stop() {
        executor.shutdownNow();
    }
}
