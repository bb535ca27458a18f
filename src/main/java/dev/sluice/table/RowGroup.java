package dev.sluice.table;

import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.SQLException;

/** Rows that fill the same columns. */
interface RowGroup {

    /** Adds the change at which the reader stands; returns false, and adds nothing, if its row has to go another way. */
    boolean add(String partition, long offset, RowReader reader);

    /** Writes all rows; returns how many the table has kept. Used once. */
    long write(Connection connection) throws SQLException;
}
