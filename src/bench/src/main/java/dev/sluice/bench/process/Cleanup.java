package dev.sluice.bench.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be undone at the end: first all programs are stopped, then the steps run, last first, also when the benchmark is interrupted. Guarded by its own lock. */
public final class Cleanup implements AutoCloseable {

    /** Undoes something. */
    public interface Step {
        void run() throws Exception;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    public Cleanup() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "cleanup"));
    }

    public synchronized void add(Step step) {
        steps.push(step);
    }

    @Override
    public synchronized void close() {
        Child.closeAll();
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (Exception e) {
                System.err.println("while cleaning up: " + e);
            }
        }
    }
}
