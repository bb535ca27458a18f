package dev.sluice.snapshot;

/** The offsets of {@code [first, end)}. */
public record OffsetRange(long first, long end) {

    /** Whether there is no offset in it. */
    public boolean isEmpty() {
        return first >= end;
    }
}
