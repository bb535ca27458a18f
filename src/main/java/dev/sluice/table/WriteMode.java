package dev.sluice.table;

/** What a record does to the table. */
enum WriteMode {
    /** It becomes a row. */
    APPEND,
    /** It becomes the row of its key, in place of the one that is there. */
    UPSERT,
    /** It says what becomes of the row of its key: written as by {@link #UPSERT}, or deleted. */
    CHANGES
}
