package dev.sluice.table;

/** Where the table's columns that the definition does not list get their values. */
enum OtherColumns {
    /** Nowhere: they are not written, and get their defaults. */
    DEFAULT,
    /** From the record's members of their names. */
    BY_NAME
}
