package dev.sluice.commit;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.deadletter.NewDeadLetters;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.live.UnconfirmedRowException;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.JointFanout;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.LastLook;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SiftingWrite;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.RoundStore.Advance;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What happens between BEGIN and COMMIT for the waiting batches of some partitions of a sink: lock the rows, decide each
 * batch by the table, let the sink write what is new, record it. What has to be sent is claimed only. One use, one
 * thread.
 */
final class Round {

    /**
     * What a round works with.
     *
     * @param source gives the partitions in memory
     */
    record Means(Stores stores, LivePartitions partitions, Source source, SideBySide sideBySide) {}

    /** What may become of it. */
    enum Mode {
        /** What somebody else holds, or what fails, is left out; the target need not be looked at before a write. */
        RELYING,
        /** The same after a look. */
        PARTIAL,
        /** It waits for each row, looks first, and any failure ends it. */
        WHOLE
    }

    /** Gives the partition in memory that stands where its locked row says. */
    interface Source {
        LivePartition<?, ?> at(Share share, Snapshot locked);
    }

    private final String sink;
    private final List<Share> shares;
    private final Means means;
    private final Connection connection;
    private final Stores stores;
    private final Ledger ledger;
    private final Mode mode;
    private final boolean whole;

    Round(List<Share> shares, Mode mode, Means means, Connection connection) {
        this.sink = shares.get(0).key().sink();
        this.shares = shares;
        this.mode = mode;
        this.whole = mode == Mode.WHOLE;
        this.means = means;
        this.connection = connection;
        this.stores = means.stores();
        this.ledger = new Ledger(sink, stores.receipts());
    }

    /** Does all of it; what is returned holds only once the transaction is committed. */
    List<Member> run() {
        return run(members -> {});
    }

    /** The same; {@code decided} is called before anything is written. */
    List<Member> run(Consumer<List<Member>> decided) {
        List<String> partitions =
                shares.stream().map(share -> share.key().partition()).toList();
        Map<String, Snapshot> rows =
                whole ? stores.rounds().lock(sink, partitions) : stores.rounds().lockFree(sink, partitions);
        // Under the locks, as late as possible: the definition may have changed while this waited.
        FixedPartitionedSink<?, ?> target = means.partitions().sink(sink);
        if (!whole && !target.groups()) {
            return shares.stream().map(Member::left).toList();
        }
        Map<String, OffsetRanges> settled = settled(rows);
        List<Member> members = new ArrayList<>(shares.size());
        for (Share share : shares) {
            Snapshot row = rows.get(share.key().partition());
            Member member = row == null
                    ? Member.left(share)
                    : Member.of(
                            share,
                            new PartitionDecider(
                                    share.key(), row, settled.get(share.key().partition()), stores, ledger::flush));
            members.add(member);
            attempt(member, () -> decide(member, target));
        }
        look(members, target);
        decided.accept(members);
        claim(members);
        if (target instanceof JointSink joint) {
            record(members, write(joint, members));
        } else if (target instanceof JointFanout fanout && !whole) {
            List<Member> writing = members.stream()
                    .filter(member -> !written(member).isEmpty())
                    .toList();
            if (!writing.isEmpty()) {
                new FanoutWrite(fanout, mode, means, connection).write(writing);
            }
            record(members, Optional.empty());
        } else {
            members.forEach(member -> attempt(member, () -> write(member)));
            flush(members);
            record(members, Optional.empty());
        }
        return members;
    }

    private Map<String, OffsetRanges> settled(Map<String, Snapshot> rows) {
        List<String> anyOrder = shares.stream()
                .filter(share -> share.batches().get(0).anyOrder())
                .map(share -> share.key().partition())
                .filter(rows::containsKey)
                .toList();
        if (anyOrder.isEmpty()) {
            return Map.of();
        }
        Map<String, OffsetRanges> settled = stores.settled().read(sink, anyOrder);
        anyOrder.forEach(partition -> settled.computeIfAbsent(partition, none -> new OffsetRanges()));
        return settled;
    }

    /** Leaves a partition out that fails, so that its neighbours need not. */
    private void attempt(Member member, Runnable step) {
        if (!member.goesOn()) {
            return;
        }
        try {
            step.run();
        } catch (SinkException | PartitionFailure | UnconfirmedRowException e) {
            boolean leavesTraces = ledger.flushed()
                    || member.live().filter(LivePartition::transactional).isPresent();
            if (whole || leavesTraces) {
                throw e;
            }
            leaveOut(member, e);
        }
    }

    private void leaveOut(Member member, RuntimeException why) {
        ledger.leaveOut(member.key().partition());
        member.fail(why);
    }

    /** Decides the batches in their order, until one needs something to be committed first. */
    private void decide(Member member, FixedPartitionedSink<?, ?> target) {
        for (BatchEntry entry : member.share().batches()) {
            Decided decided = member.decider().decide(entry);
            if (decided instanceof Decided.Settled settled) {
                member.answer(settled.outcome());
            } else if (!take(member, entry, ((Decided.Fresh) decided).part(), target)) {
                return;
            }
        }
    }

    /** Takes a new part of a batch; returns whether the batches after it can be decided now. */
    private boolean take(Member member, BatchEntry entry, NewPart part, FixedPartitionedSink<?, ?> target) {
        boolean together = !whole && target instanceof JointFanout fanout && FanoutWrite.takes(fanout, entry, part);
        if (!(target instanceof JointSink) && !together && !entry.request().dryRun()) {
            LivePartition<?, ?> live = live(member);
            if (keepsInitialState(member, live)) {
                return false;
            }
            if (live.outbound()) {
                // What was decided before it in this transaction is committed first.
                if (member.fresh().isEmpty()) {
                    member.send(entry, part, live);
                }
                return false;
            }
        }
        NewRecords records = new NewRecords(entry.request().batch(), part.ranges());
        long count =
                ledger.add(member.key(), records, member.decider().current().fencingToken());
        member.write(
                entry, part, new NewBatch(entry, records, count, entry.aside().within(part.ranges())));
        return true;
    }

    private LivePartition<?, ?> live(Member member) {
        return member.live(decider -> means.source().at(member.share(), decider.locked()));
    }

    /* Otherwise a crash would leave a target that was written to and a snapshot that says it never was. */
    private boolean keepsInitialState(Member member, LivePartition<?, ?> live) {
        Snapshot locked = member.decider().locked();
        if (!member.fresh().isEmpty() || locked.state() != null || live.transactional()) {
            return false;
        }
        String state = live.state();
        if (state != null) {
            stores.snapshots().keepInitialState(member.key(), state, locked.version());
            member.decider().stateIs(state);
        }
        return state != null;
    }

    private void claim(List<Member> members) {
        List<Member> sending =
                members.stream().filter(member -> member.toSend().isPresent()).toList();
        if (sending.isEmpty()) {
            return;
        }
        Set<String> taken = stores.claims()
                .takeFree(
                        sink,
                        sending.stream().map(member -> member.key().partition()).toList());
        sending.stream()
                .filter(member -> !taken.contains(member.key().partition()))
                .forEach(member -> member.fail(new PartitionFailure(
                        Kind.BUSY, "another replica is sending a batch to this partition's target", null)));
    }

    private void look(List<Member> members, FixedPartitionedSink<?, ?> target) {
        if (target instanceof JointSink joint) {
            // What writes in any case looks as it does; of what may not, nothing must be told before a look.
            if (whole || records(members) == 0) {
                inspect(joint, members);
            }
        } else {
            members.forEach(member -> attempt(member, () -> inspect(member)));
        }
    }

    /* Also where nothing is written: no duplicate of what the target has lost. */
    private void inspect(JointSink joint, List<Member> members) {
        if (members.stream().flatMap(member -> member.outcomes().stream()).anyMatch(Written.class::isInstance)) {
            joint.inspect(connection);
        }
    }

    /* What is written to without a transaction looks for itself as it writes. */
    private void inspect(Member member) {
        boolean writes = !member.fresh().isEmpty();
        boolean tells = member.outcomes().stream().anyMatch(Written.class::isInstance);
        if (writes ? live(member).transactional() : tells) {
            means.partitions().inspect(member.key(), member.decider().locked(), connection);
        }
    }

    private static long records(List<Member> members) {
        long records = 0;
        for (Member member : members) {
            for (NewBatch batch : written(member)) {
                records += batch.written();
            }
        }
        return records;
    }

    /* Nothing of what is left out, or its rows would be there without a snapshot that says so. */
    private static List<NewBatch> written(Member member) {
        return member.goesOn() ? member.fresh() : List.of();
    }

    private Optional<LastLook> write(JointSink joint, List<Member> members) {
        long records = records(members);
        if (records == 0) {
            return Optional.empty();
        }
        Optional<SiftingWrite> sifting = sift(joint, members, records);
        JointWrite write = sifting.isPresent() ? sifting.get() : join(joint, records);
        try {
            for (Member member : members) {
                String partition = member.key().partition();
                written(member).forEach(batch -> batch.each(reader -> write.add(partition, reader.record())));
            }
            write.flush();
            sifting.ifPresent(sifted -> sifted(members.get(0), sifted.refused()));
            return write.lastLook();
        } finally {
            write.close();
        }
    }

    private Optional<SiftingWrite> sift(JointSink joint, List<Member> members, long records) {
        BatchEntry entry = shares.get(0).batches().get(0);
        boolean sifts = whole
                && entry.sifting()
                && members.size() == 1
                && members.get(0).fresh().size() == 1;
        return sifts ? joint.sift(connection, records, entry.aside().room()) : Optional.empty();
    }

    private static void sifted(Member member, List<RejectedRecord> refused) {
        member.share().batches().get(0).aside().sifted(refused);
        member.sifted(refused.size());
    }

    private JointWrite join(JointSink joint, long records) {
        return whole ? joint.join(connection, records) : begin(joint, records);
    }

    private JointWrite begin(JointSink joint, long records) {
        Optional<JointWrite> relying = mode == Mode.RELYING ? joint.rely(connection, records) : Optional.empty();
        return relying.orElseGet(() -> {
            joint.inspect(connection);
            return joint.join(connection, records);
        });
    }

    private void write(Member member) {
        if (member.fresh().isEmpty()) {
            return;
        }
        LivePartition<?, ?> live = live(member);
        live.join(connection);
        live.fence(member.decider().current());
        // What cannot be rolled back must not be written in the first place.
        if (live.transactional() || !dryRun()) {
            Pieces.Joined pieces = new Pieces.Joined(live.flushes() ? live::append : live::write);
            member.fresh().forEach(batch -> batch.each(reader -> pieces.add(reader.record())));
            pieces.flush();
        }
    }

    private boolean dryRun() {
        return shares.get(0).batches().get(0).request().dryRun();
    }

    private void flush(List<Member> members) {
        if (!dryRun()) {
            means.sideBySide()
                    .run(members.stream()
                            .filter(member -> member.goesOn() && !member.fresh().isEmpty())
                            .filter(member -> live(member).flushes())
                            .<Runnable>map(member -> () -> flush(member))
                            .toList());
        }
        members.stream()
                .filter(member -> member.failure() != null)
                .forEach(member -> ledger.leaveOut(member.key().partition()));
        if (ledger.flushed() || whole) {
            members.stream()
                    .map(Member::failure)
                    .filter(failure -> failure != null)
                    .forEach(failure -> {
                        throw failure;
                    });
        }
        members.forEach(member -> attempt(member, () -> takeState(member)));
    }

    private void flush(Member member) {
        try {
            live(member).flush();
        } catch (RuntimeException e) {
            member.fail(e);
        }
    }

    private void takeState(Member member) {
        if (member.fresh().isEmpty()) {
            return;
        }
        String state = live(member).state();
        member.decider().stateIs(state);
        if (state != null) {
            ledger.stateIs(member.key(), member.decider().current().nextOffset(), state);
        }
    }

    /* A batch of which records are refused goes alone. */
    private void settle(List<Member> members) {
        for (Member member : members) {
            List<NewDeadLetters> letters = letters(member);
            if (!letters.isEmpty()) {
                BatchEntry entry = member.fresh().get(0).entry();
                Aside aside = entry.aside();
                if (aside.needsPermission()) {
                    aside.requirePermission(stores.setAside(member.key(), entry));
                }
                stores.deadLetters().settle(sink, aside.policy(), letters);
                stores.deadLetters().settled(member.key(), aside.offsets());
            }
        }
    }

    private static List<NewDeadLetters> letters(Member member) {
        List<NewBatch> fresh = written(member);
        if (fresh.stream().allMatch(batch -> batch.deadLetters() == 0)) {
            return List.of();
        }
        List<NewDeadLetters> letters = new ArrayList<>();
        long later = fresh.stream().mapToLong(NewBatch::count).sum();
        for (NewBatch batch : fresh) {
            later -= batch.count();
            batch.letters(member.key().partition(), member.decider().current(), later)
                    .ifPresent(letters::add);
        }
        return letters;
    }

    private void record(List<Member> members, Optional<LastLook> lastLook) {
        List<Advance> advances = members.stream()
                .filter(Member::goesOn)
                .map(Member::advance)
                .flatMap(Optional::stream)
                .toList();
        if (!advances.isEmpty()) {
            settle(members);
            stores.rounds().advance(sink, ledger.rows(), advances, lastLook);
        }
        if (dryRun()) {
            stores.snapshots().checkDeferredConstraints();
        }
    }
}
