package dev.sluice.column;

/** What becomes of a column whose member is not there. Null is there: it is NULL. */
public enum MissingMembers {
    /** The column gets its own default. */
    DEFAULT,
    NULL,
    REFUSE
}
