package dev.sluice.balance;

import dev.sluice.balance.BalanceAnswer.BufferAnswer;
import dev.sluice.balance.BalanceAnswer.ChildAnswer;
import dev.sluice.balance.BalanceAnswer.ReceiptsAnswer;
import dev.sluice.balance.BalanceStore.Receipts;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The balance of one partition. */
@Component
class PartitionBalance {

    private final SnapshotStore snapshots;
    private final SettledStore settled;
    private final BalanceStore store;
    private final TargetCounts targets;

    PartitionBalance(SnapshotStore snapshots, SettledStore settled, BalanceStore store, TargetCounts targets) {
        this.snapshots = snapshots;
        this.settled = settled;
        this.store = store;
        this.targets = targets;
    }

    /** Counts; the target's own rows only where {@code target} says so. */
    BalanceAnswer of(SinkDefinition sink, PartitionKey key, boolean target, Connection transaction) {
        Snapshot row = snapshots.read(key);
        List<Comparison> comparisons = new ArrayList<>();
        long extent = extent(sink, key, row);
        Receipts receipts = store.receipts(key, row.recordsFrom());
        long untold = extent - receipts.offsets().longValueExact();
        if (receipts.first() != null || row.records() == 0) {
            comparisons.add(Comparison.of("receipts", row.records(), receipts.records(), untold, 0));
        }
        boolean leaf = sink.targets().isEmpty();
        LetterCounts letters = store.letters(key, row.recordsFrom());
        long written = row.records() - letters.notWritten();
        if (target && leaf) {
            comparisons.add(targets.of(sink, key, row, written, transaction));
        }
        BufferAnswer buffer = sink.sink() instanceof AcceptingSink accepting
                ? buffer(accepting.target(), key, row, extent, comparisons)
                : null;
        List<ChildAnswer> children = leaf || buffer != null ? null : children(sink, key, row, comparisons);
        return new BalanceAnswer(
                sink.id(),
                key.partition(),
                null,
                sink.type(),
                row.nextOffset(),
                row.recordsFrom(),
                null,
                row.records(),
                leaf ? written : null,
                leaf ? letters : null,
                BigInteger.valueOf(extent - row.records()),
                new ReceiptsAnswer(receipts.first(), receipts.records(), untold == 0),
                buffer,
                children,
                comparisons,
                BalanceAnswer.difference(comparisons));
    }

    /** Returns how many offsets are settled at and above the one from which records are counted. */
    private long extent(SinkDefinition sink, PartitionKey key, Snapshot row) {
        if (!sink.anyOrder()) {
            return row.nextOffset() - row.recordsFrom();
        }
        return settled.read(key).within(new OffsetRange(row.recordsFrom(), Long.MAX_VALUE)).stream()
                .mapToLong(range -> range.end() - range.first())
                .sum();
    }

    private BufferAnswer buffer(
            String target, PartitionKey key, Snapshot row, long extent, List<Comparison> comparisons) {
        Long delivered = row.deliveredOffset();
        long from = delivered == null ? 0 : delivered;
        long waiting = store.waiting(key);
        comparisons.add(Comparison.exact("waiting", waiting, store.buffered(key, from, Long.MAX_VALUE)));
        Snapshot there = snapshots.read(new PartitionKey(target, key.partition()));
        long onTheirWay = store.buffered(key, from, Math.max(from, there.nextOffset()));
        long holes = extent - row.records();
        long holesThere = there.nextOffset() - there.recordsFrom() - there.records();
        comparisons.add(Comparison.of(
                target,
                row.records() - waiting,
                there.records() - onTheirWay,
                Math.max(0, there.recordsFrom() - row.recordsFrom()),
                Math.max(0, row.recordsFrom() - there.recordsFrom())
                        + Math.max(0, there.nextOffset() - row.nextOffset())
                        + Math.max(0, Math.min(holes, holes - holesThere))));
        return new BufferAnswer(target, row.records(), row.records() - waiting, waiting, onTheirWay);
    }

    private List<ChildAnswer> children(
            SinkDefinition sink, PartitionKey key, Snapshot row, List<Comparison> comparisons) {
        List<ChildAnswer> children = new ArrayList<>();
        for (String child : sink.targets()) {
            PartitionKey childKey = new PartitionKey(child, key.partition());
            Snapshot there = snapshots.read(childKey);
            LetterCounts letters = store.letters(childKey, there.recordsFrom());
            long holes = there.nextOffset() - there.recordsFrom() - there.records();
            comparisons.add(Comparison.of(
                    child,
                    row.records(),
                    there.records(),
                    Math.max(0, there.recordsFrom() - row.recordsFrom()) + (startsLater(sink, child) ? holes : 0),
                    Math.max(0, row.recordsFrom() - there.recordsFrom())
                            + Math.max(0, there.nextOffset() - row.nextOffset())));
            children.add(new ChildAnswer(
                    child, there.nextOffset(), there.records(), there.records() - letters.notWritten(), letters));
        }
        return children;
    }

    /** Whether a sink that another one is made of may lack what that one had before. */
    static boolean startsLater(SinkDefinition sink, String child) {
        return sink.settings().get("start-at") instanceof Map<?, ?> startAt && startAt.containsKey(child);
    }
}
