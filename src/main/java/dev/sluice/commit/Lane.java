package dev.sluice.commit;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.JointSink;
import dev.sluice.snapshot.PartitionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one partition. Whoever finds it without a leader leads: takes what waits, commits it together, and
 * hands the lead on if more has come meanwhile. A lone batch is committed at once by the thread that brought it.
 *
 * <p>Queue, parked batches and lead are guarded by the lane's monitor, which is never held during I/O.
 */
public final class Lane {

    /* Stable: of two batches for the same range the one that came first wins. */
    private static final Comparator<BatchEntry> BY_OFFSET =
            Comparator.comparingLong(entry -> entry.request().batch().first());

    /* For how long the batches of a partition are committed one by one after some have taken too long together. */
    private static final Duration SLOW = Duration.ofMinutes(5);

    private final PartitionKey key;
    private final GroupCommit commits;
    /** Where it waits to be committed together with other partitions of its sink; null where each has a transaction. */
    private final @Nullable GroupQueue groups;

    private final LaneProperties properties;
    private final Consumer<Runnable> executor;
    /** Places for parked batches, shared by all lanes: a parked one holds its request. */
    private final Semaphore parking;

    private final Deque<LaneEntry<?>> queue = new ArrayDeque<>();
    /** Batches that came before their predecessor and may wait for it. */
    private final List<BatchEntry> parked = new ArrayList<>();

    private long waitingBytes;
    private boolean led;
    private long slowUntil = System.nanoTime();

    Lane(
            PartitionKey key,
            GroupCommit commits,
            @Nullable GroupQueue groups,
            LaneProperties properties,
            Consumer<Runnable> executor,
            Semaphore parking) {
        this.key = key;
        this.commits = commits;
        this.groups = groups;
        this.properties = properties;
        this.executor = executor;
        this.parking = parking;
    }

    /** Commits a batch when its turn comes, and waits for its outcome. */
    public WriteOutcome write(BatchEntry entry) {
        return enqueued(entry);
    }

    /** Runs a task when its turn comes, and does not wait for that. */
    public void submit(Supplier<?> task) {
        synchronized (this) {
            append(new TaskEntry<>(task));
            if (led) {
                return;
            }
            led = true;
        }
        goOn();
    }

    /** Runs a task when its turn comes, and waits for its answer. */
    public <T> T run(Supplier<T> task) {
        return enqueued(new TaskEntry<>(task));
    }

    private <T> T enqueued(LaneEntry<T> entry) {
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
            requireRoomFor(entry.bytes());
            append(entry);
        }
        leadIfNobodyDoes();
    }

    /** Fails if a batch of so many bytes could not wait here now. */
    public synchronized void requireRoomFor(long bytes) {
        int waiting = queue.size();
        if (waiting >= properties.maxWaiting()) {
            throw new PartitionFailure(
                    Kind.BUSY, waiting + " batches wait for this partition already (sluice.lanes.max-waiting)", null);
        }
        if (waiting > 0 && bytes > properties.maxWaitingBytes().toBytes() - waitingBytes) {
            throw new PartitionFailure(
                    Kind.BUSY,
                    waitingBytes + " bytes wait for this partition already (sluice.lanes.max-waiting-bytes="
                            + properties.maxWaitingBytes() + ")",
                    null);
        }
    }

    private void append(LaneEntry<?> entry) {
        queue.add(entry);
        waitingBytes += entry.bytes();
    }

    private LaneEntry<?> removeFirst() {
        LaneEntry<?> first = queue.remove();
        waitingBytes -= first.bytes();
        return first;
    }

    /**
     * Looks whether another replica has written what parked batches wait for, and answers those that have waited too
     * long behind others. Called again and again, so that no request needs a clock of its own.
     */
    void sweep() {
        List<BatchEntry> late;
        boolean leads;
        synchronized (this) {
            late = late();
            parked.forEach(this::append);
            parking.release(parked.size());
            parked.clear();
            leads = !led && !queue.isEmpty();
            led |= leads;
        }
        late.forEach(entry -> entry.fail(new PartitionFailure(
                Kind.BUSY,
                "the batch waited for " + properties.maxWait() + " behind others (sluice.lanes.max-wait)",
                null)));
        if (leads) {
            goOn();
        }
    }

    private List<BatchEntry> late() {
        List<BatchEntry> late = new ArrayList<>();
        for (LaneEntry<?> entry : queue) {
            if (entry instanceof BatchEntry batch && batch.hasQueuedFor(properties.maxWait())) {
                late.add(batch);
            }
        }
        late.forEach(entry -> {
            queue.remove(entry);
            waitingBytes -= entry.bytes();
        });
        return late;
    }

    private void leadIfNobodyDoes() {
        synchronized (this) {
            if (led || queue.isEmpty()) {
                return;
            }
            led = true;
        }
        if (groups == null || joint() == null) {
            lead();
        } else {
            groups.add(this, true);
        }
    }

    /** Gives the lead to another thread, or up if nothing waits. */
    void goOn() {
        synchronized (this) {
            if (queue.isEmpty()) {
                led = false;
                return;
            }
        }
        if (groups == null || joint() == null) {
            executor.accept(this::lead);
        } else {
            groups.add(this, false);
        }
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
            goOn();
        }
    }

    /** Returns the sink that takes what waits first together with other partitions, null if it does not. */
    synchronized @Nullable JointSink joint() {
        return queue.peek() instanceof BatchEntry batch && !slow() ? batch.joint() : null;
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized long waitingBytes() {
        return waitingBytes;
    }

    /** Takes what waits first and goes to that sink together, {@code room} bytes or one batch. */
    synchronized Share share(JointSink sink, long room) {
        List<BatchEntry> batches = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        while (queue.peek() instanceof BatchEntry next && next.joint() == sink) {
            records += next.request().batch().count();
            bytes += next.bytes();
            if (!batches.isEmpty() && (bytes > room || full(records, bytes))) {
                break;
            }
            removeFirst();
            batches.add(next);
        }
        batches.sort(BY_OFFSET);
        return new Share(key, batches, this::parkIfItMayWait);
    }

    /* Where a group took too long, each of its batches may still be quick enough, and neighbours do not wait for it. */
    private boolean slow() {
        return System.nanoTime() - slowUntil < 0;
    }

    private void noteSlowness(List<BatchEntry> batches) {
        if (batches.stream().anyMatch(BatchEntry::tookTooLong)) {
            slowUntil = System.nanoTime() + SLOW.toNanos();
        }
    }

    /** Lets those that have waited for these batches go on; false, and the lead is given up, if nothing waits. */
    synchronized boolean committed(List<BatchEntry> batches) {
        noteSlowness(batches);
        unparkUpTo(batches.stream().mapToLong(Lane::nextOffset).max().orElse(-1));
        led = !queue.isEmpty();
        return led;
    }

    private boolean full(long records, long bytes) {
        return records > properties.groupRecords()
                || bytes > properties.groupBytes().toBytes();
    }

    private synchronized List<LaneEntry<?>> take() {
        List<LaneEntry<?>> group = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        while (!queue.isEmpty()) {
            LaneEntry<?> next = queue.element();
            if (next instanceof BatchEntry batch) {
                records += batch.request().batch().count();
                bytes += batch.bytes();
            }
            if (!group.isEmpty() && (full(records, bytes) || next.alone() || slow())) {
                break;
            }
            group.add(removeFirst());
            if (next.alone()) {
                break;
            }
        }
        return group;
    }

    private void process(List<LaneEntry<?>> group) {
        if (group.isEmpty()) {
            return; // it was answered as too late a moment ago
        }
        if (group.get(0) instanceof TaskEntry<?> task) {
            task.run();
            return;
        }
        List<BatchEntry> batches = new ArrayList<>();
        group.forEach(entry -> batches.add((BatchEntry) entry));
        batches.sort(BY_OFFSET);
        commits.commit(key, batches, this::parkIfItMayWait);
        long reached = batches.stream().mapToLong(Lane::nextOffset).max().orElse(-1);
        synchronized (this) {
            noteSlowness(batches);
            unparkUpTo(reached);
        }
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

    /* With all that follow each other: they can be committed together. */
    private synchronized void unparkUpTo(long nextOffset) {
        if (parked.isEmpty()) {
            return;
        }
        parked.sort(BY_OFFSET);
        long reached = nextOffset;
        int ready = 0;
        while (ready < parked.size() && parked.get(ready).request().batch().first() <= reached) {
            reached = Math.max(reached, parked.get(ready).request().batch().end());
            ready++;
        }
        List<BatchEntry> following = parked.subList(0, ready);
        following.forEach(this::append);
        parking.release(ready);
        following.clear();
    }
}
