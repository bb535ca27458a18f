package dev.sluice.table;

import java.util.Locale;

/** The type of the data column; the names are PostgreSQL's. */
enum DataType {
    /** Parsed and indexable; numbers are kept exactly, the order and repetition of members and white space are not. */
    JSONB,
    /** The text as it was sent, known to be JSON. */
    JSON,
    /** The text as it was sent. */
    TEXT;

    String sql() {
        return name().toLowerCase(Locale.ROOT);
    }
}
