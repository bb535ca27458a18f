package dev.sluice.sink;

/** What a failed write means for the writer. */
public enum Disposition {
    /** The target refuses some records and always will: do not send them again. */
    REJECTED,
    /** The target cannot be reached or is not able to write now; nothing was written: try again later. */
    UNAVAILABLE,
    /** The target has as much to do as it may have; nothing was written: try again later. */
    BUSY,
    /** The write may or may not have happened: send the same batch again. */
    OUTCOME_UNKNOWN,
    /** The target is not what the snapshot says it should be: somebody has to look at it. Trying again does not help. */
    BROKEN
}
