package dev.sluice.commit;

import dev.sluice.request.Work;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something other than a batch that must not run beside the partition's batches: open, close, reconcile. */
public final class TaskEntry<T> extends LaneEntry<T> {

    private final Supplier<T> task;
    private final @Nullable Work work = Work.copy();

    TaskEntry(Supplier<T> task) {
        this.task = task;
    }

    /** Runs it as work of the request that it came with, in whatever thread. */
    void run() {
        if (work == null) {
            attempt();
        } else {
            work.run(this::attempt);
        }
    }

    private void attempt() {
        try {
            answer(task.get());
        } catch (RuntimeException e) {
            fail(FailureClassifier.classify(e));
        } catch (Error e) {
            fail(new PartitionFailure(PartitionFailure.Kind.OUTCOME_UNKNOWN, "an unexpected " + e, e));
            throw e;
        }
    }

    @Override
    boolean alone() {
        return true;
    }
}
