package dev.sluice.campaign.check;

import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/** Takes what is stored of one stream, in order, and tells the first record that is not the expected one. */
final class Expected {

    private final LongFunction<String> records;
    private final LongPredicate here;
    private long next;
    private long end;
    private long count;
    private String wrong = "";

    /** @param here which offsets of the stream belong to what is read */
    Expected(LongFunction<String> records, long first, LongPredicate here) {
        this.records = records;
        this.here = here;
        this.end = first;
        this.next = from(first);
    }

    private long from(long offset) {
        long at = offset;
        while (!here.test(at)) {
            at++;
        }
        return at;
    }

    void take(long offset, String record) {
        if (!wrong.isEmpty()) {
            return;
        }
        if (offset != next) {
            wrong = "offset " + offset + " comes where " + next + " should";
        } else if (!record.equals(records.apply(offset))) {
            wrong = "offset " + offset + " has other bytes: " + record + " for " + records.apply(offset);
        }
        count++;
        end = next + 1;
        next = from(end);
    }

    /** Returns what is to be at an offset, if anything. */
    String record(long offset) {
        return records.apply(offset);
    }

    void take(String record) {
        take(next, record);
    }

    /** Returns what is wrong, empty if it was all up to {@code last} and nothing from {@code most} on. */
    String until(long last, long most) {
        if (!wrong.isEmpty()) {
            return wrong;
        }
        return next >= last && end <= most ? "" : "the records end at " + end + ", nextOffset is " + last;
    }

    long count() {
        return count;
    }
}
