package dev.sluice.balance;

import dev.sluice.balance.BalanceAnswer.BufferAnswer;
import dev.sluice.balance.BalanceAnswer.ChildAnswer;
import dev.sluice.balance.BalanceAnswer.ReceiptsAnswer;
import dev.sluice.balance.BalanceStore.Receipts;
import dev.sluice.balance.BalanceStore.Sums;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.sink.ReadableRows;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.SnapshotStore;
import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The balances of a sink's partitions together. */
@Component
class SinkBalance {

    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final SnapshotStore snapshots;
    private final BalanceStore store;
    private final TargetCounts targets;

    SinkBalance(SnapshotStore snapshots, BalanceStore store, TargetCounts targets) {
        this.snapshots = snapshots;
        this.store = store;
        this.targets = targets;
    }

    /** Counts; receipts and the target's own rows, which may be millions, only where that is asked for. */
    BalanceAnswer of(SinkDefinition sink, boolean receipts, boolean target, Connection transaction) {
        Sums sums = store.sums(sink.id());
        Map<String, Long> later = sums.recordsFrom().signum() == 0 ? Map.of() : store.countedLater(sink.id());
        List<Comparison> comparisons = new ArrayList<>();
        ReceiptsAnswer ledger = receipts ? receipts(sink, sums, comparisons) : null;
        boolean leaf = sink.targets().isEmpty();
        LetterCounts letters = leaf ? store.letters(sink.id(), !later.isEmpty()) : null;
        Long written = letters == null ? null : Long.valueOf(sums.records() - letters.notWritten());
        if (target && written != null) {
            comparisons.add(target(sink, later, written, transaction));
        }
        BufferAnswer buffer = sink.sink() instanceof AcceptingSink accepting
                ? buffer(sink.id(), accepting.target(), sums, comparisons)
                : null;
        List<ChildAnswer> children = leaf || buffer != null ? null : children(sink, sums, comparisons);
        return new BalanceAnswer(
                sink.id(),
                null,
                sums.partitions(),
                sink.type(),
                null,
                null,
                (long) later.size(),
                sums.records(),
                written,
                letters,
                sink.anyOrder() ? null : sums.holes(),
                ledger,
                buffer,
                children,
                comparisons,
                BalanceAnswer.difference(comparisons));
    }

    private ReceiptsAnswer receipts(SinkDefinition sink, Sums sums, List<Comparison> comparisons) {
        Receipts receipts = store.receipts(sink.id());
        BigInteger untold = sums.nextOffsets().subtract(sums.recordsFrom()).subtract(receipts.offsets());
        // In any order the ranges above the next offset have receipts, too, so that the sums do not tell.
        long most = sink.anyOrder() ? sums.records() : bounded(untold);
        boolean complete = sums.records() == receipts.records() || most == 0;
        if (receipts.first() != null || sums.records() == 0) {
            comparisons.add(Comparison.of("receipts", sums.records(), receipts.records(), complete ? 0 : most, 0));
        }
        return new ReceiptsAnswer(receipts.first(), receipts.records(), complete);
    }

    private Comparison target(SinkDefinition sink, Map<String, Long> later, long written, Connection transaction) {
        targets.requireReadable(sink, List.of("receipts", "balance"));
        if (!(sink.sink() instanceof ReadableRows rows)) {
            return lines(sink, written, transaction);
        }
        List<String> fromTheBeginning = sink.partitions().stream()
                .filter(partition -> !later.containsKey(partition))
                .toList();
        long found = rows.countRows(transaction, fromTheBeginning, 0);
        for (Map.Entry<String, Long> partition : later.entrySet()) {
            found += rows.countRows(transaction, List.of(partition.getKey()), partition.getValue());
        }
        return Comparison.exact("target", written, found);
    }

    private Comparison lines(SinkDefinition sink, long written, Connection transaction) {
        long found = 0;
        long mayExceed = 0;
        for (String partition : sink.partitions()) {
            PartitionKey key = new PartitionKey(sink.id(), partition);
            Comparison one = targets.of(sink, key, snapshots.read(key), 0, transaction);
            found += one.found();
            mayExceed += one.untold();
        }
        return Comparison.of("target", written, found, 0, mayExceed);
    }

    private BufferAnswer buffer(String sink, String target, Sums sums, List<Comparison> comparisons) {
        long waiting = store.waiting(sink);
        Sums there = store.sums(target);
        long onTheirWay = there.nextOffsets().equals(sums.deliveredOffsets()) ? 0 : store.onTheirWay(sink, target);
        BigInteger moreHoles = sums.holes().subtract(there.holes()).min(sums.holes());
        comparisons.add(Comparison.of(
                target,
                sums.records() - waiting,
                there.records() - onTheirWay,
                bounded(there.recordsFrom()),
                bounded(sums.recordsFrom()
                        .add(moreHoles.max(BigInteger.ZERO))
                        .add(there.nextOffsets().subtract(sums.nextOffsets()).max(BigInteger.ZERO)))));
        return new BufferAnswer(target, sums.records(), sums.records() - waiting, waiting, onTheirWay);
    }

    private List<ChildAnswer> children(SinkDefinition sink, Sums sums, List<Comparison> comparisons) {
        List<ChildAnswer> children = new ArrayList<>();
        for (String child : sink.targets()) {
            Sums there = store.sums(child);
            LetterCounts letters = store.letters(child, there.recordsFrom().signum() > 0);
            BigInteger lacks = PartitionBalance.startsLater(sink, child) ? there.holes() : BigInteger.ZERO;
            comparisons.add(Comparison.of(
                    child,
                    sums.records(),
                    there.records(),
                    bounded(there.recordsFrom().add(lacks)),
                    bounded(sums.recordsFrom()
                            .add(there.nextOffsets()
                                    .subtract(sums.nextOffsets())
                                    .max(BigInteger.ZERO)))));
            children.add(
                    new ChildAnswer(child, null, there.records(), there.records() - letters.notWritten(), letters));
        }
        return children;
    }

    private static long bounded(BigInteger number) {
        return number.max(BigInteger.ZERO).min(MOST).longValueExact();
    }
}
