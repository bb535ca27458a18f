package dev.sluice.campaign.check;

import dev.sluice.campaign.stream.Records;

/** Takes what is stored of one stream, in order, and tells the first record that is not the expected one. */
final class Expected {

    private final String stream;
    private final long first;
    private long next;
    private String wrong = "";

    Expected(String stream, long first) {
        this.stream = stream;
        this.first = first;
        this.next = first;
    }

    void take(long offset, String record) {
        if (!wrong.isEmpty()) {
            return;
        }
        if (offset != next) {
            wrong = "offset " + offset + " follows " + (next - 1);
        } else if (!record.equals(Records.record(stream, offset))) {
            wrong = "offset " + offset + " has other bytes: " + record;
        }
        next++;
    }

    void take(String record) {
        take(next, record);
    }

    /** Returns what is wrong, empty if it was all up to {@code end} and nothing from {@code most} on. */
    String until(long end, long most) {
        if (!wrong.isEmpty()) {
            return wrong;
        }
        return next >= end && next <= most ? "" : "the records end at " + next + ", nextOffset is " + end;
    }

    long count() {
        return next - first;
    }
}
