package dev.sluice.commit;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.snapshot.PartitionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one partition. It is ready when something waits and nothing of it is under way: then it stands among its
 * sink's {@link Rounds}, which take what waits first.
 *
 * <p>All fields are guarded by the lane's monitor, which is never held during I/O.
 */
public final class Lane {

    /* Stable: of two batches for the same range the one that came first wins. */
    private static final Comparator<BatchEntry> BY_OFFSET =
            Comparator.comparingLong(entry -> entry.request().batch().first());

    /* For how long the batches of a partition are committed one by one after some have taken too long together. */
    private static final Duration SLOW = Duration.ofMinutes(5);

    private final PartitionKey key;
    private final Rounds rounds;
    private final LaneProperties properties;
    /** Places for parked batches, shared by all lanes: a parked one holds its request. */
    private final Semaphore parking;

    private final Deque<LaneEntry<?>> queue = new ArrayDeque<>();
    /** Batches that came before their predecessor and may wait for it. */
    private final List<BatchEntry> parked = new ArrayList<>();

    /** The last batch that was refused, until its offsets are sent again. */
    private @Nullable Obstacle obstacle;

    private long waitingBytes;
    /** Whether it is ready or under way, so that nobody else has to see to it. */
    private boolean busy;

    private long slowUntil = System.nanoTime();

    Lane(PartitionKey key, Rounds rounds, LaneProperties properties, Semaphore parking) {
        this.key = key;
        this.rounds = rounds;
        this.properties = properties;
        this.parking = parking;
    }

    /** Commits a batch when its turn comes, and waits for its outcome. */
    public WriteOutcome write(BatchEntry entry) {
        return enqueued(entry);
    }

    /** Commits a batch when its turn comes; the answer fails with a {@link PartitionFailure} where there is none. */
    public CompletableFuture<WriteOutcome> begin(BatchEntry entry) {
        enqueue(entry, false);
        return entry.future();
    }

    /** Runs a task when its turn comes, and does not wait for that. */
    public void submit(Supplier<?> task) {
        synchronized (this) {
            append(new TaskEntry<>(task));
            if (busy) {
                return;
            }
            busy = true;
        }
        rounds.add(this, false);
    }

    /** Runs a task when its turn comes, and waits for its answer. */
    public <T> T run(Supplier<T> task) {
        return enqueued(new TaskEntry<>(task));
    }

    private <T> T enqueued(LaneEntry<T> entry) {
        enqueue(entry, true);
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

    private void enqueue(LaneEntry<?> entry, boolean leads) {
        synchronized (this) {
            requireRoomFor(entry.bytes());
            append(entry);
            if (obstacle != null && !(entry instanceof BatchEntry batch && !isSentAgain(batch, obstacle))) {
                obstacle = null; // sent again; or a task, such as opening, which may begin something new
            }
            if (busy) {
                return;
            }
            busy = true;
        }
        rounds.add(this, leads);
    }

    private static boolean isSentAgain(BatchEntry entry, Obstacle refused) {
        return !entry.request().dryRun()
                && refused.isSentAgain(
                        entry.request().batch().first(), entry.request().batch().end());
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
        boolean ready;
        synchronized (this) {
            late = late();
            parked.forEach(this::append);
            parking.release(parked.size());
            parked.clear();
            ready = !busy && !queue.isEmpty();
            busy |= ready;
        }
        late.forEach(entry -> entry.fail(new PartitionFailure(
                Kind.BUSY,
                "the batch waited for " + properties.maxWait() + " behind others (sluice.lanes.max-wait)",
                null)));
        if (ready) {
            rounds.add(this, false);
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

    /** Stands among the rounds again, or rests if nothing waits. */
    void goOn() {
        synchronized (this) {
            if (queue.isEmpty()) {
                busy = false;
                return;
            }
        }
        rounds.add(this, false);
    }

    /** Returns the sink of what waits first, if that may go together with other partitions; null if not. */
    synchronized @Nullable FixedPartitionedSink<?, ?> together() {
        return queue.peek() instanceof BatchEntry batch && batch.groups() && !slow() ? batch.sink() : null;
    }

    /** Counts a batch of it that is being sent. */
    void sends() {
        rounds.sends();
    }

    /** Takes it from the count. */
    void sent() {
        rounds.sent();
    }

    synchronized Lanes.Load load() {
        return new Lanes.Load(queue.size(), waitingBytes, parked.size());
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized long waitingBytes() {
        return waitingBytes;
    }

    /** Takes what waits first and may go together with other partitions of that sink: {@code room} bytes or one batch. */
    synchronized Share share(FixedPartitionedSink<?, ?> sink, long room) {
        List<BatchEntry> batches = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        while (queue.peek() instanceof BatchEntry next && next.groups() && next.sink() == sink) {
            records += next.request().batch().count();
            bytes += next.bytes();
            if (!batches.isEmpty() && (bytes > room || full(records, bytes))) {
                break;
            }
            removeFirst();
            batches.add(next);
        }
        batches.sort(BY_OFFSET);
        return new Share(key, batches, this);
    }

    /** Takes the task that waits first, null if it is none. */
    synchronized @Nullable TaskEntry<?> task() {
        if (queue.peek() instanceof TaskEntry<?> task) {
            removeFirst();
            return task;
        }
        return null;
    }

    /** Takes the batches that wait first and may be committed together; none if nothing or a task waits. */
    synchronized Share shareApart() {
        List<BatchEntry> batches = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        int most = slow() ? 1 : Integer.MAX_VALUE;
        while (queue.peek() instanceof BatchEntry next) {
            records += next.request().batch().count();
            bytes += next.bytes();
            most = Math.min(most, next.most());
            if (!batches.isEmpty() && (batches.size() >= most || next.alone() || full(records, bytes))) {
                break;
            }
            removeFirst();
            batches.add(next);
            if (next.alone()) {
                break;
            }
        }
        batches.sort(BY_OFFSET);
        return new Share(key, batches, this);
    }

    /* Where a group took too long, each of its batches may still be quick enough, and neighbours do not wait for it. */
    private boolean slow() {
        return System.nanoTime() - slowUntil < 0;
    }

    private boolean full(long records, long bytes) {
        return records > properties.groupRecords()
                || bytes > properties.groupBytes().toBytes();
    }

    /** Takes batches back that a round could not get to; they come first in the next one. */
    synchronized void putBack(List<BatchEntry> batches) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            queue.addFirst(batches.get(i));
            waitingBytes += batches.get(i).bytes();
        }
    }

    /** Goes on after a share. */
    void ended(List<BatchEntry> batches) {
        synchronized (this) {
            if (batches.stream().anyMatch(BatchEntry::tookTooLong)) {
                slowUntil = System.nanoTime() + SLOW.toNanos();
            }
        }
        goOn();
    }

    /**
     * Keeps a batch that is ahead of its predecessor, unless its time is up or its predecessor was refused.
     *
     * @return what is to be answered; null if it is kept
     */
    synchronized @Nullable WriteOutcome answerOrPark(BatchEntry entry, WriteOutcome outcome) {
        if (!(outcome instanceof Gap gap)) {
            return outcome;
        }
        Obstacle refused = obstacle;
        if (refused != null
                && !entry.request().patience().isZero()
                && refused.blocks(
                        gap.current().nextOffset(), entry.request().batch().first())) {
            return new Gap(gap.current(), refused);
        }
        boolean park = entry.remainingWait().toNanos() > 0 && parking.tryAcquire();
        if (park) {
            parked.add(entry);
        }
        return park ? null : outcome;
    }

    /** Has those look again that wait behind a batch that was refused: they are not to wait for it in vain. */
    synchronized void refused(Obstacle refused) {
        obstacle = refused;
        List<BatchEntry> behind = parked.stream()
                .filter(entry -> refused.first() < entry.request().batch().first())
                .toList();
        behind.forEach(this::append);
        parking.release(behind.size());
        parked.removeAll(behind);
    }

    /** Lets those go on that have waited for what is committed now, with all that follow each other. */
    synchronized void reached(long nextOffset) {
        if (obstacle != null && obstacle.end() <= nextOffset) {
            obstacle = null;
        }
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
