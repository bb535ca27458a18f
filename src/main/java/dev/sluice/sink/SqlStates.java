package dev.sluice.sink;

import java.sql.SQLException;
import java.util.Set;

/** What PostgreSQL's error codes say about who is to blame; for sinks that write through SQL. */
public final class SqlStates {

    /*
     * Connections, transaction states, authorization, names, concurrency, resources, operators, the system itself.
     * What is left are data, constraints, limits that a value exceeds, and whatever triggers raise.
     */
    private static final Set<String> NO_RECORDS_FAULT = Set.of(
            "08", "0A", "25", "26", "28", "2D", "34", "3B", "3D", "3F", "40", "42", "53", "55", "57", "58", "72", "F0",
            "HV", "XX");

    private static final String SEQUENCE_EXHAUSTED = "2200H";

    private SqlStates() {}

    /** Returns the SQLSTATE of the first cause that has one, empty if none has. */
    public static String of(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** Whether an error of this SQLSTATE is a record's fault, so that the same record will fail again. */
    public static boolean blamesRecords(String sqlState) {
        return sqlState.length() == 5
                && !sqlState.equals(SEQUENCE_EXHAUSTED)
                && !NO_RECORDS_FAULT.contains(sqlState.substring(0, 2));
    }
}
