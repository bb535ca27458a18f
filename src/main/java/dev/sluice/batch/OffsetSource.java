package dev.sluice.batch;

import org.jspecify.annotations.Nullable;

/**
 * Where the offsets of a batch's records come from.
 *
 * @param base of the first record, where the others follow it; else −1
 * @param shift what is added to the offset that stands with a record
 * @param listed the offsets in the order of the records, where they did not come with these
 */
record OffsetSource(long base, long shift, @Nullable Spool listed) {

    static OffsetSource counted(long base) {
        return new OffsetSource(base, 0, null);
    }

    static OffsetSource given(@Nullable Spool listed) {
        return new OffsetSource(-1, 0, listed);
    }

    static OffsetSource moved(long shift) {
        return new OffsetSource(-1, shift, null);
    }
}
