package dev.sluice.column;

/** What becomes of records that are null. */
public enum Tombstones {
    REFUSE,
    /** The deletion was told before. */
    IGNORE
}
