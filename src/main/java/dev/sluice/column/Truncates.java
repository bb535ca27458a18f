package dev.sluice.column;

/** What becomes of the event that a source's table was truncated. */
public enum Truncates {
    REFUSE,
    IGNORE,
    /** All rows of the table are deleted. */
    APPLY
}
