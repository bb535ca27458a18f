package dev.sluice.commit;

import dev.sluice.live.LivePartition;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.RoundStore.Advance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A partition in a round, and how far the round has come with it. One use, one thread at a time. */
final class Member {

    private final Share share;
    /* Null where somebody else holds the partition's row. */
    private final @Nullable PartitionDecider decider;
    private final List<WriteOutcome> outcomes = new ArrayList<>();
    private final List<NewBatch> fresh = new ArrayList<>();
    private final List<Member> copies = new ArrayList<>();
    private @Nullable LivePartition<?, ?> live;
    private @Nullable Consignment toSend;
    private volatile @Nullable RuntimeException failure;

    private Member(Share share, @Nullable PartitionDecider decider) {
        this.share = share;
        this.decider = decider;
    }

    static Member of(Share share, PartitionDecider decider) {
        return new Member(share, decider);
    }

    /** Makes one that takes no part: it is to be committed by itself. */
    static Member left(Share share) {
        return new Member(share, null);
    }

    Share share() {
        return share;
    }

    PartitionKey key() {
        return share.key();
    }

    /** Whether it took no part, because somebody else holds its row. */
    boolean left() {
        return decider == null;
    }

    /** Whether it goes on: it takes part, and nothing has failed. */
    boolean goesOn() {
        return decider != null && failure == null;
    }

    PartitionDecider decider() {
        return Objects.requireNonNull(decider, "it takes no part");
    }

    /** Returns the outcomes of its first batches; they hold only once the transaction is committed. */
    List<WriteOutcome> outcomes() {
        return outcomes;
    }

    /** Returns what is to be written in the transaction. */
    List<NewBatch> fresh() {
        return fresh;
    }

    /** Returns the partition in memory, which {@code source} builds if it has to. */
    LivePartition<?, ?> live(Function<PartitionDecider, LivePartition<?, ?>> source) {
        LivePartition<?, ?> known = live;
        if (known == null) {
            known = source.apply(decider());
            live = known;
        }
        return known;
    }

    /** Returns the partition in memory, if it was needed. */
    Optional<LivePartition<?, ?>> live() {
        return Optional.ofNullable(live);
    }

    void answer(WriteOutcome outcome) {
        outcomes.add(outcome);
    }

    /** Takes a batch for written in the transaction. */
    void write(BatchEntry entry, NewPart part, NewBatch batch) {
        fresh.add(batch);
        outcomes.add(decider().advance(entry, part, batch.count()));
    }

    /** Takes so many records of its only batch, which was to be written, for dead letters. */
    void sifted(int more) {
        fresh.set(0, fresh.get(0).without(more));
        outcomes.set(0, ((WriteOutcome.Written) outcomes.get(0)).without(more));
    }

    /** Keeps what the same partition of a target has become, to which a fan-out wrote in the same transaction. */
    void copied(Member copy) {
        copies.add(copy);
    }

    /** Returns what the same partition of each target has become. */
    List<Member> copies() {
        return copies;
    }

    /** Keeps the batch after those that are answered, to be sent once the transaction is committed. */
    void send(BatchEntry entry, NewPart part, LivePartition<?, ?> to) {
        OffsetRanges settled = decider().settled(entry);
        toSend = new Consignment(share.only(entry), part, to, decider().locked(), settled);
    }

    Optional<Consignment> toSend() {
        return Optional.ofNullable(toSend);
    }

    /** Leaves it out of the transaction. */
    void fail(RuntimeException why) {
        failure = why;
    }

    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Returns where it stands after what was written, empty if nothing was. */
    Optional<Advance> advance() {
        if (decider().current().version() == decider().locked().version()) {
            return Optional.empty();
        }
        BatchEntry any = share.batches().get(0);
        return Optional.of(new Advance(
                key().partition(),
                decider().current(),
                decider().locked().version(),
                any.anyOrder() ? decider().settled(any) : null));
    }

    /** To be called once the commit is known to have happened. */
    void committed() {
        if (goesOn()) {
            live().ifPresent(partition -> partition.movedTo(decider().current()));
        }
    }
}
