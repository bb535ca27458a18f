package dev.sluice.table;

/** Whether a table has the columns that say which partition a row is of, and where in it. */
enum Position {
    /** {@code partition_id} and {@code source_offset}. */
    COLUMNS,
    /** Neither: the snapshot alone knows. Rows cannot be taken back. */
    NONE
}
