package dev.sluice.balance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.balance.Findings.Difference;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.ReadableLines;
import dev.sluice.sink.ReadableRows;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.ReceiptStore.Above;
import dev.sluice.snapshot.SettledStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Compares what a partition's target has with its receipts. */
@Component
class Verification {

    /**
     * What was found.
     *
     * @param from the first offset that was compared
     * @param to exclusive end
     * @param proved {@code bytes}, {@code keys} (each record is there once, its bytes cannot be compared) or
     *     {@code nothing}
     * @param why it is not bytes
     * @param same records that are there as they were acknowledged
     * @param deadLetters records that the target lacks because it has refused them
     * @param edited records that were replayed with other bytes
     * @param withoutReceipt rows of acknowledged offsets whose receipts are pruned
     * @param complete whether there are receipts for all that is acknowledged in the range
     * @param differences how many of each kind
     * @param first the first 100 of them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VerifyAnswer(
            String sink,
            String partition,
            long from,
            long to,
            String proved,
            @Nullable String why,
            long same,
            long deadLetters,
            long edited,
            long withoutReceipt,
            boolean complete,
            Map<String, Long> differences,
            List<Difference> first) {}

    private static final String NO_RECEIPTS = "there are no receipts for this range: they are pruned after"
            + " sluice.receipts.retention, or nothing was written to it";

    private final SnapshotStore snapshots;
    private final SettledStore settled;
    private final ReceiptStore receipts;
    private final BalanceStore store;
    private final TargetCounts targets;

    Verification(
            SnapshotStore snapshots,
            SettledStore settled,
            ReceiptStore receipts,
            BalanceStore store,
            TargetCounts targets) {
        this.snapshots = snapshots;
        this.settled = settled;
        this.receipts = receipts;
        this.store = store;
        this.targets = targets;
    }

    /** Throws a problem if nothing could be proved of the sink. */
    void require(SinkDefinition sink) {
        targets.requireReadable(sink, List.of("receipts", "balance"));
        if (sink.anyOrder() && sink.sink() instanceof ReadableLines<?>) {
            throw Problem.of(
                            ProblemType.NOT_VERIFIABLE,
                            "the lines of sink '" + sink.id() + "' are in the order in which batches came (order: any),"
                                    + " and do not say which records they are; what there is are receipts and balance"
                                    + " (GET …/receipts, GET …/balance?target=true)")
                    .with("sink", sink.id())
                    .with("proved", "nothing")
                    .exception();
        }
    }

    /** Compares the records of {@code [from, to)}; {@code tick} is called every now and then. */
    VerifyAnswer of(SinkDefinition sink, PartitionKey key, long from, long to, Connection transaction, Runnable tick) {
        Snapshot row = snapshots.read(key);
        OffsetRanges acknowledged = sink.anyOrder() ? settled.read(key) : new OffsetRanges();
        acknowledged.add(new OffsetRange(0, row.nextOffset()));
        ExpectedRecords expected = new ExpectedRecords(receipts, store, key, from, to);
        boolean any = expected.has();
        Findings findings = new Findings();
        if (sink.sink() instanceof ReadableRows rows) {
            RowComparison comparison = new RowComparison(expected, acknowledged, findings, tick);
            rows.readRows(transaction, key.partition(), from, to, comparison);
            comparison.end();
        } else if (any) {
            any = lines(sink, key, row, from, to, expected, findings, tick);
        }
        boolean complete = acknowledged.within(new OffsetRange(from, to)).stream()
                .allMatch(range -> expected.covered().without(range).isEmpty());
        boolean compared = any || !findings.differences().isEmpty();
        String keptAs = sink.sink() instanceof ReadableRows rows
                ? rows.keptAs().map(how -> "the target keeps " + how).orElse(null)
                : null;
        return new VerifyAnswer(
                key.sink(),
                key.partition(),
                from,
                to,
                !compared ? "nothing" : keptAs == null ? "bytes" : "keys",
                compared ? keptAs : NO_RECEIPTS,
                findings.equal(),
                findings.deadLetters(),
                findings.editedOnes(),
                findings.thoseWithoutReceipt(),
                complete,
                findings.differences(),
                findings.first());
    }

    /** Returns false if it is not known which line is the first of the range. */
    private boolean lines(
            SinkDefinition sink,
            PartitionKey key,
            Snapshot row,
            long from,
            long to,
            ExpectedRecords expected,
            Findings findings,
            Runnable tick) {
        Above above = receipts.above(key, from);
        if (!above.complete()) {
            return false;
        }
        long all = row.records();
        if (row.recordsFrom() > 0) {
            long[] counted = {0};
            targets.read(sink.partitioned(), key, row.state(), line -> {
                tick.run();
                counted[0]++;
                return true;
            });
            all = counted[0];
        }
        boolean toTheEnd = to >= row.nextOffset();
        LineComparison comparison = new LineComparison(
                (ReadableLines<?>) sink.sink(), expected, all - above.records(), toTheEnd, findings, tick);
        targets.read(sink.partitioned(), key, row.state(), comparison);
        comparison.end();
        return true;
    }
}
