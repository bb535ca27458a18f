package dev.sluice.column;

/** What becomes of a column whose member is not there. Null is there: it is NULL. */
public enum MissingMembers {
    /** The column gets its own default. */
    DEFAULT,
    NULL,
    REFUSE,
    /** The column of a row that is there keeps its value; a new row gets the default. */
    KEEP
}
