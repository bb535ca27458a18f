package dev.sluice.balance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.balance.BalanceStore.Letter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a comparison of a target with its receipts has found so far. Not thread-safe. */
final class Findings {

    private static final int MOST_TOLD = 100;

    /** How a target differs from its receipts. */
    enum Kind {
        /** There is a receipt, and no record. */
        MISSING,
        /** The record is not the one that was acknowledged. */
        OTHER_BYTES,
        /** There is a record that was never acknowledged. */
        SURPLUS,
        /** The record is there more than once. */
        DOUBLED;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A difference.
     *
     * @param offset of the record; of one that is surplus among lines, that of the record before which it stands
     * @param where {@code target}, or {@code dead-letter} for the bytes that are kept of a refused record
     * @param expected the hash in the receipt, in hexadecimal digits
     * @param found the hash of what is there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Difference(
            long offset,
            String kind,
            String where,
            @Nullable String expected,
            @Nullable String found) {}

    private final List<Difference> first = new ArrayList<>();
    private final Map<String, Long> differences = new TreeMap<>();
    private long same;
    private long deadLetters;
    private long edited;
    private long withoutReceipt;

    void same() {
        same++;
    }

    void edited() {
        edited++;
    }

    void withoutReceipt() {
        withoutReceipt++;
    }

    /** Compares the bytes that are kept of a record which the target lacks. */
    void deadLetter(Letter letter, long hash) {
        deadLetters++;
        Long found = letter.hash();
        if (found != null && found != hash) {
            add(Kind.OTHER_BYTES, letter.offset(), "dead-letter", hash, found);
        }
    }

    void add(Kind kind, long offset, @Nullable Long expected, @Nullable Long found) {
        add(kind, offset, "target", expected, found);
    }

    private void add(Kind kind, long offset, String where, @Nullable Long expected, @Nullable Long found) {
        differences.merge(kind.text(), 1L, Long::sum);
        if (first.size() < MOST_TOLD) {
            first.add(new Difference(offset, kind.text(), where, hex(expected), hex(found)));
        }
    }

    private static @Nullable String hex(@Nullable Long hash) {
        return hash == null ? null : String.format(Locale.ROOT, "%016x", hash);
    }

    long equal() {
        return same;
    }

    long deadLetters() {
        return deadLetters;
    }

    long editedOnes() {
        return edited;
    }

    long thoseWithoutReceipt() {
        return withoutReceipt;
    }

    /** Returns how many differences there are of each kind. */
    Map<String, Long> differences() {
        return differences;
    }

    /** Returns the first of them. */
    List<Difference> first() {
        return first;
    }
}
