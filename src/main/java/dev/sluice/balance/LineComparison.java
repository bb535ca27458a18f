package dev.sluice.balance;

import dev.sluice.balance.BalanceStore.Letter;
import dev.sluice.balance.Findings.Kind;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.sink.ReadableLines;
import dev.sluice.sink.ReadableLines.LineVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares lines with the receipts, both in the order of writing. Lines do not say which records they are: after one that
 * differs it goes on where lines and receipts agree again, if that is not far away.
 */
final class LineComparison implements LineVisitor {

    private static final int AHEAD = 32;

    private record Wanted(long offset, long hash) {}

    private final ReadableLines<?> target;
    private final ExpectedRecords expected;
    private final boolean toTheEnd;
    private final Findings findings;
    private final Runnable tick;
    private final List<byte[]> lines = new ArrayList<>();
    private final List<Wanted> wanted = new ArrayList<>();
    private long before;
    private long lastOffset;

    /**
     * Begins a comparison.
     *
     * @param before how many lines are those of earlier records
     * @param toTheEnd whether there are no records behind the expected ones
     */
    LineComparison(
            ReadableLines<?> target,
            ExpectedRecords expected,
            long before,
            boolean toTheEnd,
            Findings findings,
            Runnable tick) {
        this.target = target;
        this.expected = expected;
        this.before = before;
        this.toTheEnd = toTheEnd;
        this.findings = findings;
        this.tick = tick;
    }

    @Override
    public boolean line(byte[] line) {
        tick.run();
        if (before > 0) {
            before--;
            return true;
        }
        lines.add(line);
        fill();
        if (lines.size() > AHEAD) {
            step();
        }
        return toTheEnd || !wanted.isEmpty();
    }

    /** There are no more lines, or no more are wanted. */
    void end() {
        fill();
        while (!wanted.isEmpty() || (toTheEnd && !lines.isEmpty())) {
            step();
            fill();
        }
    }

    private void fill() {
        while (wanted.size() <= AHEAD && expected.has()) {
            Optional<Letter> letter = expected.letter();
            if (letter.isPresent() && !letter.get().written()) {
                findings.deadLetter(letter.get(), expected.hash());
            } else {
                wanted.add(new Wanted(expected.offset(), expected.hash()));
            }
            expected.next();
        }
    }

    private void step() {
        if (lines.isEmpty()) {
            missing();
        } else if (wanted.isEmpty()) {
            surplus(lastOffset + 1);
        } else if (matches(0, 0)) {
            findings.same();
            take();
        } else {
            differs();
        }
    }

    private void differs() {
        int missing = 1;
        while (missing < wanted.size() && !matches(missing, 0)) {
            missing++;
        }
        int surplus = 1;
        while (surplus < lines.size() && !matches(0, surplus)) {
            surplus++;
        }
        boolean onlyThis = wanted.size() > 1 && lines.size() > 1 && matches(1, 1);
        if (onlyThis || (missing == wanted.size() && surplus == lines.size())) {
            findings.add(Kind.OTHER_BYTES, wanted.get(0).offset(), wanted.get(0).hash(), hash(lines.get(0)));
            take();
        } else if (missing < wanted.size() && (missing <= surplus || surplus == lines.size())) {
            missing();
        } else {
            surplus(wanted.get(0).offset());
        }
    }

    private void take() {
        lines.remove(0);
        lastOffset = wanted.remove(0).offset();
    }

    private void missing() {
        Wanted one = wanted.remove(0);
        lastOffset = one.offset();
        findings.add(Kind.MISSING, one.offset(), one.hash(), null);
    }

    private void surplus(long offset) {
        findings.add(Kind.SURPLUS, offset, null, hash(lines.remove(0)));
    }

    private boolean matches(int record, int line) {
        long hash = wanted.get(record).hash();
        byte[] bytes = lines.get(line);
        return hash == hash(bytes) || target.originals(bytes).stream().anyMatch(original -> hash == hash(original));
    }

    private static long hash(byte[] bytes) {
        return BatchBuilder.hash(bytes, 0, bytes.length);
    }
}
