package dev.sluice.column;

/** What becomes of the row of a record's key. */
public enum Change {
    /** It has the record's values. */
    WRITE,
    /** It is gone. */
    DELETE,
    /** All rows are gone. */
    TRUNCATE
}
