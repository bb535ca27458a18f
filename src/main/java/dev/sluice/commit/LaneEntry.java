package dev.sluice.commit;

import java.util.concurrent.CompletableFuture;

/** Something that waits in a lane, and the answer to it. */
public abstract sealed class LaneEntry<T> permits BatchEntry, TaskEntry {

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private volatile boolean tookTooLong;

    final CompletableFuture<T> future() {
        return answer;
    }

    final void answer(T value) {
        answer.complete(value);
    }

    final void fail(RuntimeException failure) {
        tookTooLong = FailureClassifier.tookTooLong(failure);
        answer.completeExceptionally(failure);
    }

    /** Whether the time for a statement was up before it was written. */
    final boolean tookTooLong() {
        return tookTooLong;
    }

    /** Returns the bytes that wait with it. */
    long bytes() {
        return 0;
    }

    /** Whether it has to run in a transaction of its own. */
    abstract boolean alone();
}
