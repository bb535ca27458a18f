package dev.sluice.commit;

import java.util.function.Supplier;

/** Something other than a batch that must not run beside the partition's batches: open, close, reconcile. */
public final class TaskEntry<T> extends LaneEntry<T> {

    private final Supplier<T> task;

    TaskEntry(Supplier<T> task) {
        this.task = task;
    }

    void run() {
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
