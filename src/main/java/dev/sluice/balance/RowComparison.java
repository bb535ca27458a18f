package dev.sluice.balance;

import dev.sluice.balance.BalanceStore.Letter;
import dev.sluice.balance.Findings.Kind;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.sink.ReadableRows.RowVisitor;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares rows that say which records they are of with the receipts, both in the order of offsets. */
final class RowComparison implements RowVisitor {

    private final ExpectedRecords expected;
    private final OffsetRanges settled;
    private final Findings findings;
    private final Runnable tick;
    private long lastOffset = -1;

    RowComparison(ExpectedRecords expected, OffsetRanges settled, Findings findings, Runnable tick) {
        this.expected = expected;
        this.settled = settled;
        this.findings = findings;
        this.tick = tick;
    }

    @Override
    public void row(long offset, byte @Nullable [] bytes) {
        tick.run();
        while (expected.has() && expected.offset() < offset) {
            lacking();
        }
        Long found = bytes == null ? null : BatchBuilder.hash(bytes, 0, bytes.length);
        if (offset == lastOffset) {
            findings.add(Kind.DOUBLED, offset, null, found);
        } else if (expected.has() && expected.offset() == offset) {
            compare(found);
            expected.next();
        } else if (!isIn(expected.covered(), offset) && isIn(settled, offset)) {
            findings.withoutReceipt();
        } else {
            findings.add(Kind.SURPLUS, offset, null, found);
        }
        lastOffset = offset;
    }

    private void compare(@Nullable Long found) {
        Optional<Letter> letter = expected.letter();
        long hash = expected.hash();
        if (letter.isPresent() && !letter.get().written()) {
            findings.deadLetter(letter.get(), hash);
            findings.add(Kind.SURPLUS, expected.offset(), null, found);
        } else if (letter.isPresent() && letter.get().edited()) {
            findings.edited();
        } else if (found != null && found != hash) {
            findings.add(Kind.OTHER_BYTES, expected.offset(), hash, found);
        } else {
            findings.same();
        }
    }

    /** There are no more rows. */
    void end() {
        while (expected.has()) {
            lacking();
        }
    }

    private void lacking() {
        tick.run();
        Optional<Letter> letter = expected.letter();
        if (letter.isPresent() && !letter.get().written()) {
            findings.deadLetter(letter.get(), expected.hash());
        } else {
            findings.add(Kind.MISSING, expected.offset(), expected.hash(), null);
        }
        expected.next();
    }

    private static boolean isIn(OffsetRanges ranges, long offset) {
        return !ranges.within(new OffsetRange(offset, offset + 1)).isEmpty();
    }
}
