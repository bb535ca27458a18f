package dev.sluice.column;

/** What becomes of members that no column takes. */
public enum OtherMembers {
    REFUSE,
    IGNORE
}
