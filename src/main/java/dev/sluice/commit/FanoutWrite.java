package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.JointFanout;
import dev.sluice.sink.JointSink;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.List;

/**
 * What is new in a round of a fan-out, on its way to all of its targets in the round's own transaction: a round within
 * the round for each target. In the order of the targets' ids, and without waiting for a row, so that no two fan-outs
 * wait in a circle. One use, one thread.
 */
final class FanoutWrite {

    /** A target does not take all of it as it is; what it says is found out when the batches go one by one. */
    static final class NotTogether extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NotTogether(String why) {
            super(why, null, false, false);
        }
    }

    private final JointFanout fanout;
    private final Round.Mode mode;
    private final Round.Means means;
    private final Connection connection;

    FanoutWrite(JointFanout fanout, Round.Mode mode, Round.Means means, Connection connection) {
        this.fanout = fanout;
        this.mode = mode;
        this.means = means;
        this.connection = connection;
    }

    /** Whether a batch can go this way: all of it is new, and nobody said that it must not. */
    static boolean takes(JointFanout fanout, BatchEntry entry, NewPart part) {
        return entry.sink() == fanout
                && !fanout.jointTargets().isEmpty()
                && !entry.handedOnApart()
                && !entry.anyOrder()
                && part.isAllOf(entry.request().batch());
    }

    /** Writes what is new of the members; throws {@link NotTogether}, or what a target says, where that fails. */
    void write(List<Member> members) {
        fanout.jointTargets().forEach((id, target) -> write(id, target, members));
    }

    private void write(String id, JointSink target, List<Member> members) {
        if (means.partitions().sink(id) != target) {
            throw new NotTogether("the sink '" + id + "' has just been defined anew");
        }
        int maxRanges = means.partitions().maxRanges(id);
        List<Share> shares = members.stream()
                .map(member -> new Share(
                        new PartitionKey(id, member.key().partition()),
                        member.fresh().stream()
                                .map(batch -> handedOn(batch.entry(), target, maxRanges))
                                .toList(),
                        member.share().lane()))
                .toList();
        List<Member> copies = new Round(shares, mode, means, connection).run();
        for (int i = 0; i < copies.size(); i++) {
            Member copy = copies.get(i);
            if (!copy.goesOn() || !copy.outcomes().stream().allMatch(Written.class::isInstance)) {
                throw new NotTogether(copy.key() + " does not take all of it");
            }
            members.get(i).copied(copy);
        }
    }

    /* What the target can never accept the fan-out has asked it already. */
    private static BatchEntry handedOn(BatchEntry entry, JointSink target, int maxRanges) {
        return new BatchEntry(WriteRequest.handedOn(entry.request().batch()), Refusals.NONE, maxRanges, target);
    }
}
