package dev.sluice.table;

/** What a record does to the table. */
enum WriteMode {
    /** It becomes a row. */
    APPEND,
    /** It becomes the row of its key, in place of the one that is there. */
    UPSERT
}
