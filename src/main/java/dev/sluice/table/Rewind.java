package dev.sluice.table;

/** What becomes of an upserting sink whose writer resumes below what is committed. */
enum Rewind {
    /** It is refused: rows that were overwritten cannot be brought back. */
    NONE,
    /** The position alone goes back; what is replayed overwrites the same keys. */
    POSITION
}
