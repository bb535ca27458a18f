package dev.sluice.database;

/** Whether a pooler that hands out another session for each transaction stands before the database. */
enum Pooler {
    /** As each connection tells. */
    AUTO,
    /** One does, though it cannot be told. */
    YES,
    /** None does, though it looks like it: one that keeps a session for each connection, say. */
    NO
}
