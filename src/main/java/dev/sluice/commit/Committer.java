package dev.sluice.commit;

import dev.sluice.commit.CommitMeters.Kind;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.deadletter.DeadLetterLimitException;
import dev.sluice.live.LivePartitions;
import dev.sluice.live.UnconfirmedRowException;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.RefusedPartitionsException;
import dev.sluice.sink.SinkException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.HeuristicCompletionException;

/**
 * Commits rounds. If one fails because of one of its batches, each half is tried by itself, and so on, so that its
 * neighbours commit. Every share that is handed over ends, some of them later: after what they send was recorded.
 * Thread-safe.
 */
@Component
class Committer {

    private static final Logger log = LoggerFactory.getLogger(Committer.class);

    /** All partitions of a round were left out. */
    static final class NothingToCommit extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NothingToCommit() {
            super(null, null, false, false);
        }
    }

    private static final Duration HELD_FOR_A_MOMENT = Duration.ofMillis(50);

    private final Round.Means means;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final Rejections rejections;
    private final Sending sending;
    private final LaneThreads threads;
    private final CopyListener copies;
    private final CommitMeters meters;

    Committer(
            Stores stores,
            LivePartitions partitions,
            Transactions transactions,
            Rejections rejections,
            SideBySide sideBySide,
            Sending sending,
            LaneThreads threads,
            CopyListener copies,
            CommitMeters meters) {
        this.means =
                new Round.Means(stores, partitions, (share, locked) -> partitions.at(share.key(), locked), sideBySide);
        this.partitions = partitions;
        this.transactions = transactions;
        this.rejections = rejections;
        this.sending = sending;
        this.threads = threads;
        this.copies = copies;
        this.meters = meters;
    }

    /** Commits what several partitions bring, in one transaction. Rows that somebody else holds are not waited for. */
    void commit(List<Share> shares) {
        commit(shares, true);
    }

    /** {@code again} is whether to look again at a target that is said to be lost. */
    private void commit(List<Share> shares, boolean again) {
        List<Member> members = new ArrayList<>();
        try {
            // Whatever made it repeat: the second time it looks first, whoever else has looked meanwhile.
            AtomicBoolean relies = new AtomicBoolean(true);
            meters.timed(
                    Kind.JOINT,
                    () -> transactions.run(false, connection -> run(shares, members, relies.get(), connection), () -> {
                        relies.set(false);
                        discard(shares);
                    }));
        } catch (NothingToCommit e) {
            settle(members);
            return;
        } catch (HeuristicCompletionException e) {
            // Those that were left out have an outcome of their own, whatever became of the others.
            discard(shares);
            settle(members.stream().filter(member -> !member.goesOn()).toList());
            members.stream().filter(Member::goesOn).map(Member::share).forEach(share -> failed(share, e));
            return;
        } catch (RuntimeException e) {
            discard(shares);
            if (goOneByOne(shares, e)) {
                log.debug(
                        "The targets of {} did not take all of it together",
                        shares.get(0).key().sink(),
                        e);
                commit(shares, again);
            } else {
                failed(shares, e, again);
            }
            return;
        }
        members.forEach(Member::committed);
        members.stream().flatMap(member -> member.copies().stream()).forEach(this::tell);
        settle(members);
    }

    /* Each target then says for itself what it takes, and none keeps another. What all wait for is not waited for twice. */
    private static boolean goOneByOne(List<Share> shares, RuntimeException e) {
        Predicate<String> concerned;
        if (e instanceof FanoutWrite.NotTogether left) {
            concerned = left.partitions()::contains;
        } else if (e instanceof RefusedPartitionsException refused) {
            concerned = refused.partitions()::containsKey;
        } else {
            boolean ofOne = e instanceof SinkException said
                    ? said.disposition() != Disposition.UNAVAILABLE && said.disposition() != Disposition.OUTCOME_UNKNOWN
                    : FailureClassifier.isRejection(e);
            concerned = partition -> ofOne;
        }
        return shares.stream()
                        .filter(share -> concerned.test(share.key().partition()))
                        .flatMap(share -> share.batches().stream())
                        .filter(BatchEntry::handOnApart)
                        .count()
                > 0;
    }

    private void tell(Member copy) {
        for (WriteOutcome outcome : copy.outcomes()) {
            if (outcome instanceof Written written) {
                copies.written(copy.key(), written);
            }
        }
    }

    /* A commit would only wait for the disk, and for a standby that may be away. */
    private List<Member> run(List<Share> shares, List<Member> members, boolean relies, Connection connection) {
        members.clear();
        members.addAll(new Round(shares, relies ? Round.Mode.RELYING : Round.Mode.PARTIAL, means, connection).run());
        if (members.stream().noneMatch(Member::goesOn)) {
            throw new NothingToCommit();
        }
        return members;
    }

    /** Commits what one partition brings, and waits for its row. */
    void commitApart(Share share) {
        boolean dryRun = share.batches().get(0).request().dryRun();
        List<Member> members;
        try {
            members = meters.timed(
                    Kind.SINGLE,
                    () -> transactions.run(
                            share.key(),
                            dryRun,
                            connection -> new Round(List.of(share), Round.Mode.WHOLE, means, connection).run()));
        } catch (RuntimeException e) {
            failed(share, e);
            return;
        }
        if (!dryRun) {
            members.forEach(Member::committed);
        }
        settle(members);
    }

    private void discard(List<Share> shares) {
        shares.forEach(share -> partitions.discard(share.key()));
    }

    private void settle(List<Member> members) {
        List<Consignment> toSend = new ArrayList<>();
        for (Member member : members) {
            Share share = member.share();
            RuntimeException failure = member.failure();
            if (failure instanceof UnconfirmedRowException || (member.left() && isHeldForLong(share))) {
                share.goOnApart(share.batches().size());
            } else if (member.left()) {
                share.giveBack(0);
                share.end();
            } else if (failure != null) {
                partitions.discard(member.key());
                threads.execute(() -> failed(share, failure));
            } else if (member.toSend().isEmpty() && member.outcomes().stream().anyMatch(Committer::mayBeMore)) {
                threads.execute(() -> share.work().run(() -> complete(share, member.outcomes())));
            } else {
                share.answer(member.outcomes());
                share.giveBack(member.outcomes().size() + (member.toSend().isPresent() ? 1 : 0));
                member.toSend().ifPresentOrElse(toSend::add, share::end);
            }
        }
        sending.begin(toSend, this::failed);
    }

    /* Deliveries and other replicas lock many rows for a moment: whoever waits for each of them alone costs more. */
    private static boolean isHeldForLong(Share share) {
        return share.batches().get(0).isLeftOutFor(HELD_FOR_A_MOMENT);
    }

    private void failed(List<Share> shares, RuntimeException e, boolean again) {
        if (shares.size() == 1) {
            failed(shares.get(0), e);
        } else if (e instanceof RefusedPartitionsException refused) {
            without(refused, shares);
        } else if (again
                && e instanceof LostTargetException
                && partitions.stillLost(shares.get(0).key().sink(), e).isEmpty()) {
            commit(shares, false);
        } else if (FailureClassifier.mayBeOneBatch(e)) {
            log.debug("Batches for {} partitions could not be committed together, trying each half", shares.size());
            int half = shares.size() / 2;
            commit(shares.subList(0, half), again);
            commit(shares.subList(half, shares.size()), again);
        } else {
            PartitionFailure failure = FailureClassifier.classify(e);
            shares.forEach(share -> {
                share.fail(failure);
                share.end();
            });
        }
    }

    private void without(RefusedPartitionsException refused, List<Share> shares) {
        List<Share> others = new ArrayList<>();
        for (Share share : shares) {
            SinkException said = refused.partitions().get(share.key().partition());
            if (said == null) {
                others.add(share);
            } else {
                failed(share, said);
            }
        }
        if (others.size() == shares.size()) {
            throw new IllegalStateException("the sink refuses partitions that it was not given", refused);
        }
        if (!others.isEmpty()) {
            commit(others);
        }
    }

    /* Whatever happens: somebody waits for each of the batches, and the lane for its share. */
    private void failed(Share share, RuntimeException e) {
        share.work().run(() -> answerOrFail(share, e));
    }

    private void answerOrFail(Share share, RuntimeException e) {
        try {
            answer(share, e);
        } catch (RuntimeException | Error unexpected) {
            log.error("The batches of {} failed unexpectedly", share.key(), unexpected);
            share.fail(new PartitionFailure(
                    PartitionFailure.Kind.OUTCOME_UNKNOWN, "an unexpected " + unexpected, unexpected));
            share.end();
        }
    }

    /** Answers for a partition that failed by itself, or lets its batches try in smaller numbers. */
    private void answer(Share share, RuntimeException e) {
        RuntimeException failure = e;
        if (e instanceof LostTargetException && share.batches().get(0).looksAgain()) {
            failure = partitions.stillLost(share.key().sink(), e).orElse(null);
            if (failure == null) {
                share.goOnApart(share.batches().size());
                return;
            }
        }
        int batches = share.batches().size();
        if (batches > 1 && FailureClassifier.mayBeOneBatch(failure)) {
            log.debug("{} batches for {} could not be committed together, trying each half", batches, share.key());
            share.goOnApart((batches + 1) / 2);
            return;
        }
        BatchEntry batch = share.batches().get(0);
        RuntimeException rejection = failure;
        if (failure instanceof DeadLetterLimitException limit) {
            refused(share, batch, () -> new WriteOutcome.Rejected(limit.refused(), true, null, limit.getMessage()));
        } else if (FailureClassifier.isRejection(failure) && batch.sift()) {
            share.goOnApart(1);
        } else if (FailureClassifier.isRejection(failure)) {
            refused(share, batch, () -> rejections.explain(share.key(), batch, rejection));
        } else {
            share.fail(FailureClassifier.classify(failure));
            share.end();
        }
    }

    /* What is left is tried again, before the batches behind it, if its sink settles what it refuses. */
    private void refused(Share share, BatchEntry batch, Supplier<WriteOutcome.Rejected> explained) {
        try {
            WriteOutcome.Rejected rejected = explained.get();
            if (batch.aside().take(rejected) || rejections.permit(share.key(), batch, rejected)) {
                share.goOnApart(1);
                return;
            }
            share.answer(List.of(batch.aside().told(rejected)));
        } catch (RuntimeException e) {
            share.fail(FailureClassifier.classify(e));
        }
        share.end();
    }

    private static boolean mayBeMore(WriteOutcome outcome) {
        return outcome instanceof WriteOutcome.Rejected rejected && rejected.mayBeMore();
    }

    /* What a sink refuses by itself is found before its target is asked: all that is to be corrected is told at once. */
    private void complete(Share share, List<WriteOutcome> outcomes) {
        List<WriteOutcome> told = outcomes;
        try {
            told = completed(share, outcomes);
        } catch (RuntimeException | Error unexpected) {
            log.error("What the target of {} refuses cannot be asked", share.key(), unexpected);
        }
        share.answer(told);
        share.giveBack(told.size());
        share.end();
    }

    private boolean narrow(Share share, BatchEntry batch) {
        return batch.narrow(() -> rejections.known(share.key(), batch));
    }

    private static boolean nothingIsWrittenBehind(List<WriteOutcome> outcomes, int index) {
        return outcomes.subList(index + 1, outcomes.size()).stream().noneMatch(Written.class::isInstance);
    }

    private List<WriteOutcome> completed(Share share, List<WriteOutcome> outcomes) {
        List<WriteOutcome> completed = new ArrayList<>();
        for (WriteOutcome outcome : outcomes) {
            BatchEntry batch = share.batches().get(completed.size());
            if (outcome instanceof WriteOutcome.Rejected rejected && rejected.mayBeMore()) {
                boolean mayTryAgain = nothingIsWrittenBehind(outcomes, completed.size());
                if (mayTryAgain && !rejected.complete() && narrow(share, batch)) {
                    return completed;
                }
                WriteOutcome.Rejected all = rejections.complete(share.key(), batch, rejected);
                if (mayTryAgain && (batch.aside().take(all) || rejections.permit(share.key(), batch, all))) {
                    batch.setApart(1);
                    return completed; // it is tried again, and so are those behind it
                }
                completed.add(batch.aside().told(all));
            } else {
                completed.add(outcome);
            }
        }
        return completed;
    }
}
