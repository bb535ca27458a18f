package dev.sluice.commit;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.JointFanout;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.LateSink;
import java.time.Duration;
import java.util.function.Supplier;

/** A batch in its lane. */
public final class BatchEntry extends LaneEntry<WriteOutcome> {

    /* Also one without records has its receipt. */
    private static final long OWN_BYTES = 100;

    private final WriteRequest request;
    private Refusals refusals;
    private final Terms terms;
    private final Aside aside;
    private final long createdAt = System.nanoTime();
    /* What follows is changed by the round that has it, and read under the lane's monitor afterwards. */
    private long begunAt;
    private int apart;
    private boolean lookedAgain;
    private long leftOutSince;
    private boolean handedOnApart;
    private boolean narrowed;
    private boolean sifting;
    private boolean sifted;

    /** Makes the entry of a batch. */
    public BatchEntry(WriteRequest request, Refusals refusals, Terms terms) {
        this.request = request;
        this.terms = terms;
        this.aside = new Aside(
                request.strict() ? null : terms.deadLetters(),
                !(terms.sink() instanceof LateSink) || request.batch().count() == 1);
        this.refusals = refusals;
        if (aside.take(refusals)) {
            this.apart = 1;
        }
    }

    /**
     * Has only those refusals count that concern what is not settled yet, once.
     *
     * @return whether the batch is to be tried again
     */
    boolean narrow(Supplier<Refusals> ofWhatIsNew) {
        if (narrowed) {
            return false;
        }
        narrowed = true;
        refusals = ofWhatIsNew.get();
        aside.take(refusals);
        apart = 1;
        return true;
    }

    /**
     * Has what its target refuses be found as the rest is written, once: no more is known then than that some was refused.
     *
     * @return whether the batch is to be tried again
     */
    boolean sift() {
        sifting = !sifted && aside.mayBeSifted() && sink() instanceof JointSink && !request.dryRun();
        sifted = true;
        return sifting;
    }

    /** Whether it is written without what its target refuses meanwhile. */
    boolean sifting() {
        return sifting;
    }

    WriteRequest request() {
        return request;
    }

    /** Returns the sink as it was defined when the batch came. */
    FixedPartitionedSink<?, ?> sink() {
        return terms.sink();
    }

    /** Returns the records that it is written without. */
    Aside aside() {
        return aside;
    }

    /** Whether it may be committed together with batches of other partitions. */
    boolean groups() {
        return apart == 0 && !request.dryRun() && sink().groups();
    }

    /** Returns how many batches of its partition it may be committed together with, itself included. */
    int most() {
        return apart == 0 ? Integer.MAX_VALUE : apart;
    }

    /** Keeps it from other partitions' batches, and lets at most so many of its own partition go together. */
    void setApart(int most) {
        apart = most;
    }

    /** Returns whether its row was held by somebody else whenever it was tried, for longer than {@code most}. */
    boolean isLeftOutFor(Duration most) {
        long now = System.nanoTime();
        if (leftOutSince == 0) {
            leftOutSince = now;
        }
        return now - leftOutSince > most.toNanos();
    }

    /** Returns whether this was the first call: a target that is said to be lost is looked at once more. */
    boolean looksAgain() {
        boolean first = !lookedAgain;
        lookedAgain = true;
        return first;
    }

    /**
     * Has a fan-out hand it on to each target by itself from now on; returns whether it would have gone to all of them
     * in one transaction otherwise.
     */
    boolean handOnApart() {
        boolean together = !handedOnApart
                && sink() instanceof JointFanout fanout
                && !fanout.jointTargets().isEmpty();
        handedOnApart = true;
        return together;
    }

    /** Whether a fan-out hands it on to each target by itself. */
    boolean handedOnApart() {
        return handedOnApart;
    }

    Refusals refusals() {
        return aside.isEmpty() ? refusals : refusals.without(aside);
    }

    /** Whether offsets may come in any order. */
    boolean anyOrder() {
        return terms.maxRanges() > 0;
    }

    /** Returns how many ranges of settled offsets are kept at most. */
    int maxRanges() {
        return terms.maxRanges();
    }

    /** Says that it has its turn; returns whether this is the first one. */
    boolean begins(long now) {
        boolean first = begunAt == 0;
        if (first) {
            begunAt = now;
        }
        return first;
    }

    /** Returns for how long it had waited when it had its first turn. */
    long waitedNanos() {
        return begunAt - createdAt;
    }

    /** Returns how long it may still wait for its predecessor; not positive if no longer. */
    Duration remainingWait() {
        return request.patience().minusNanos(System.nanoTime() - createdAt);
    }

    /** Whether it has waited for longer than this, besides what it may wait for its predecessor. */
    boolean hasQueuedFor(Duration most) {
        return remainingWait().plus(most).isNegative();
    }

    @Override
    long bytes() {
        return request.batch().bytes() + OWN_BYTES;
    }

    @Override
    boolean alone() {
        return request.dryRun();
    }
}
