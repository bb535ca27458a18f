package dev.sluice.catalog;

import dev.sluice.access.Quota;

/** A definition would be one too many, or have too many partitions, for whoever puts it. Nothing was changed. */
public class QuotaExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Quota quota;
    private final long bound;

    QuotaExceededException(Quota quota, long bound, String message) {
        super(message);
        this.quota = quota;
        this.bound = bound;
    }

    /** Returns the quota that is used up. */
    public Quota quota() {
        return quota;
    }

    /** Returns what there may be at most. */
    public long bound() {
        return bound;
    }
}
