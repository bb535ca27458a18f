package dev.sluice.column;

/** What becomes of records that are null. */
public enum Tombstones {
    REFUSE,
    /** The deletion was told before. */
    IGNORE,
    /** The key of the keyed record says which row is gone; the record is that key, as a JSON string. */
    BY_KEY
}
