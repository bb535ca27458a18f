package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.JointFanout;
import dev.sluice.sink.JointSink;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is new in a round of a fan-out, on its way to all of its targets in the round's own transaction: a round within
 * the round for each target. In the order of the targets' ids, and without waiting for a row, so that no two fan-outs
 * wait in a circle. One use, one thread.
 */
final class FanoutWrite {

    /** A target does not take all of it as it is; what it says is found out when those batches go one by one. */
    static final class NotTogether extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Set<String> partitions;

        private NotTogether(String target, Set<String> partitions) {
            super(target + " does not take all of " + partitions, null, false, false);
            this.partitions = partitions;
        }

        /** Returns the partitions that it does not take. */
        Set<String> partitions() {
            return partitions;
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
            throw new NotTogether(id, partitions(members.stream()));
        }
        Terms terms = new Terms(
                target,
                means.partitions().maxRanges(id),
                means.partitions().deadLetters(id).orElse(null));
        List<Share> shares = members.stream()
                .map(member -> new Share(
                        new PartitionKey(id, member.key().partition()),
                        member.fresh().stream()
                                .map(batch -> handedOn(batch.entry(), terms))
                                .toList(),
                        member.share().lane()))
                .toList();
        Set<String> refused = shares.stream()
                .filter(share -> share.batches().stream().anyMatch(batch -> !batch.groups()))
                .map(share -> share.key().partition())
                .collect(Collectors.toSet());
        if (!refused.isEmpty()) {
            throw new NotTogether(id, refused);
        }
        List<Member> copies = new Round(shares, mode, means, connection).run();
        Set<String> left = partitions(copies.stream().filter(copy -> !isWritten(copy)));
        if (!left.isEmpty()) {
            throw new NotTogether(id, left);
        }
        for (int i = 0; i < copies.size(); i++) {
            members.get(i).copied(copies.get(i));
        }
    }

    /* Under its locks a target may turn out to be another sink, which sends. */
    private static boolean isWritten(Member copy) {
        return copy.goesOn()
                && copy.toSend().isEmpty()
                && copy.outcomes().size() == copy.share().batches().size()
                && copy.outcomes().stream().allMatch(Written.class::isInstance);
    }

    private static Set<String> partitions(Stream<Member> members) {
        return members.map(member -> member.key().partition()).collect(Collectors.toSet());
    }

    /* What the target can never accept the fan-out has asked it already, unless it settles that. */
    private static BatchEntry handedOn(BatchEntry entry, Terms terms) {
        WriteRequest request =
                WriteRequest.handedOn(entry.request().batch(), entry.request().trace());
        return new BatchEntry(
                request,
                terms.deadLetters() == null
                        ? Refusals.NONE
                        : Refusals.of(terms.sink(), request.batch(), request.dryRun()),
                terms);
    }
}
