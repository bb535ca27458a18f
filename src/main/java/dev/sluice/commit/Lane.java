package dev.sluice.commit;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.PartitionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The queue of one partition. Whoever finds it without a leader leads: takes what waits, commits it together, and
 * hands the lead on if more has come meanwhile. A lone batch is committed at once by the thread that brought it.
 *
 * <p>Queue, parked batches and lead are guarded by the lane's monitor, which is never held during I/O.
 */
public final class Lane {

    private final PartitionKey key;
    private final GroupCommit commits;
    private final LaneProperties properties;
    private final Executor executor;
    /** Places for parked batches, shared by all lanes: a parked one holds its request. */
    private final Semaphore parking;

    private final Deque<LaneEntry<?>> queue = new ArrayDeque<>();
    /** Batches that came before their predecessor and may wait for it. */
    private final List<BatchEntry> parked = new ArrayList<>();

    private boolean led;

    Lane(PartitionKey key, GroupCommit commits, LaneProperties properties, Executor executor, Semaphore parking) {
        this.key = key;
        this.commits = commits;
        this.properties = properties;
        this.executor = executor;
        this.parking = parking;
    }

    public WriteOutcome write(BatchEntry entry) {
        enqueue(entry);
        long queuedUntil = System.nanoTime()
                + properties.maxWait().toNanos()
                + entry.request().patience().toNanos();
        while (true) {
            try {
                return entry.future().get(properties.recheck().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (!unpark(entry) && System.nanoTime() > queuedUntil && withdraw(entry)) {
                    throw new PartitionFailure(
                            Kind.BUSY,
                            "the batch waited for " + properties.maxWait() + " behind others (sluice.lanes.max-wait)",
                            null);
                }
                leadIfNobodyDoes();
            } catch (InterruptedException | ExecutionException e) {
                throw failure(e);
            }
        }
    }

    /** Runs a task when its turn comes, and does not wait for that. */
    public void submit(Supplier<?> task) {
        synchronized (this) {
            queue.add(new TaskEntry<>(task));
            if (led) {
                return;
            }
            led = true;
        }
        handOn();
    }

    /** Runs a task when its turn comes, and waits for its answer. */
    public <T> T run(Supplier<T> task) {
        TaskEntry<T> entry = new TaskEntry<>(task);
        enqueue(entry);
        try {
            return entry.future().get();
        } catch (InterruptedException | ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new PartitionFailure(Kind.OUTCOME_UNKNOWN, "the service stops while the batch is under way", e);
        }
        return e.getCause() instanceof PartitionFailure failure
                ? new PartitionFailure(failure.kind(), String.valueOf(failure.getMessage()), failure)
                : new CompletionException(e.getCause());
    }

    private void enqueue(LaneEntry<?> entry) {
        synchronized (this) {
            int waiting = queue.size();
            if (waiting >= properties.maxWaiting()) {
                throw new PartitionFailure(
                        Kind.BUSY,
                        waiting + " batches wait for this partition already (sluice.lanes.max-waiting)",
                        null);
            }
            queue.add(entry);
        }
        leadIfNobodyDoes();
    }

    private synchronized boolean unpark(BatchEntry entry) {
        boolean wasParked = parked.remove(entry);
        if (wasParked) {
            parking.release();
            queue.add(entry);
        }
        return wasParked;
    }

    private synchronized boolean withdraw(BatchEntry entry) {
        return queue.remove(entry);
    }

    private void leadIfNobodyDoes() {
        synchronized (this) {
            if (led || queue.isEmpty()) {
                return;
            }
            led = true;
        }
        lead();
    }

    private void lead() {
        List<LaneEntry<?>> group = take();
        try {
            process(group);
        } catch (RuntimeException | Error e) {
            PartitionFailure failure = new PartitionFailure(Kind.OUTCOME_UNKNOWN, "an unexpected " + e, e);
            group.forEach(entry -> entry.fail(failure));
            throw e;
        } finally {
            handOn();
        }
    }

    private void handOn() {
        synchronized (this) {
            if (queue.isEmpty()) {
                led = false;
                return;
            }
        }
        try {
            executor.execute(this::lead);
        } catch (RejectedExecutionException e) {
            lead(); // the service stops: what waits is still answered
        }
    }

    private synchronized List<LaneEntry<?>> take() {
        List<LaneEntry<?>> group = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        while (!queue.isEmpty()) {
            LaneEntry<?> next = queue.element();
            if (next instanceof BatchEntry batch) {
                records += batch.request().batch().count();
                bytes += batch.request().batch().bytes();
            }
            boolean full = records > properties.groupRecords()
                    || bytes > properties.groupBytes().toBytes();
            if (!group.isEmpty() && (full || next.alone())) {
                break;
            }
            group.add(queue.remove());
            if (next.alone()) {
                break;
            }
        }
        return group;
    }

    private void process(List<LaneEntry<?>> group) {
        if (group.get(0) instanceof TaskEntry<?> task) {
            task.run();
            return;
        }
        List<BatchEntry> batches = new ArrayList<>();
        group.forEach(entry -> batches.add((BatchEntry) entry));
        // Stable: of two batches for the same range the one that came first wins.
        batches.sort(Comparator.comparingLong(entry -> entry.request().batch().first()));
        commits.commit(key, batches, this::parkIfItMayWait);
        long reached = batches.stream().mapToLong(Lane::nextOffset).max().orElse(-1);
        unparkUpTo(reached);
    }

    /** Keeps a batch that is ahead of its predecessor, unless its time is up. */
    private synchronized boolean parkIfItMayWait(BatchEntry entry, WriteOutcome outcome) {
        boolean park = outcome instanceof Gap && entry.remainingWait().toNanos() > 0 && parking.tryAcquire();
        if (park) {
            parked.add(entry);
        }
        return park;
    }

    private static long nextOffset(BatchEntry entry) {
        if (!entry.future().isDone() || entry.future().isCompletedExceptionally()) {
            return -1;
        }
        return entry.future().join() instanceof Written written ? written.nextOffset() : -1;
    }

    private synchronized void unparkUpTo(long nextOffset) {
        Iterator<BatchEntry> waiting = parked.iterator();
        while (waiting.hasNext()) {
            BatchEntry entry = waiting.next();
            if (entry.request().batch().first() <= nextOffset) {
                waiting.remove();
                parking.release();
                queue.add(entry);
            }
        }
    }
}
