package dev.sluice.column;

/** What is around the rows of changes. */
public enum Envelope {
    NONE,
    /**
     * Debezium's: {@code before}, {@code after}, {@code op}; with a schema beside it or without. See its documentation
     * of the PostgreSQL connector, "Data change events".
     */
    DEBEZIUM
}
