package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SqlStates;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** Tells whether a failed statement was a record's fault, the table's, or the database's. */
final class SqlFailure {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String EXCLUSION_VIOLATION = "23P01";
    private static final String LOCKED = "55P03";
    private static final String NO_RIGHT = "42501";
    private static final String NO_SCHEMA = "3F000";
    private static final String NOT_SUPPORTED = "0A000";
    private static final String UNTRANSLATABLE = "22P05";
    private static final String CANCELLED = "57014";

    /* How COPY says where it was: the column, and what it was given. */
    private static final Pattern COPIED_COLUMN = Pattern.compile("(?m)^COPY .*, line \\d+, column ([^:\\n]+)");

    private static final Pattern COPIED_LINE = Pattern.compile("(?m)^COPY .*, line (\\d{1,9})\\b");

    /* A syntax that is wrong, an object or a function that is not there; a table may be the one that is written to. */
    private static final Set<String> OF_INPUT = Set.of("42601", "42704", "42883");

    private SqlFailure() {}

    static RuntimeException of(SQLException e, TableStatements statements, String sql) {
        TableName table = statements.name();
        String state = state(e);
        if (blamesRecords(e)) {
            return SinkException.rejected("the table " + table + " refuses the batch: " + e.getMessage(), e);
        }
        if (state.equals(LOCKED)) {
            return new SinkException(
                    Disposition.UNAVAILABLE,
                    "the table " + table + " is locked by " + statements.locks().of(table),
                    e);
        }
        if (state.equals(CANCELLED)) {
            return new SinkException(
                    Disposition.UNAVAILABLE,
                    "writing to the table " + table + " took too long: " + e.getMessage()
                            + ". Nothing was written. Send fewer records in a batch, and look for triggers or indexes"
                            + " of the table that are slow",
                    e);
        }
        if (state.equals(NO_RIGHT)) {
            return new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " must not be written to: " + e.getMessage() + ". "
                            + statements.rights().advice(table),
                    e);
        }
        if (state.startsWith("42") || state.startsWith("3F")) {
            return new SinkException(
                    Disposition.UNAVAILABLE, "the table " + table + " cannot be written: " + e.getMessage(), e);
        }
        RuntimeException translated = new SQLStateSQLExceptionTranslator().translate("writing " + table, sql, e);
        return translated == null ? new UncategorizedSQLException("writing " + table, sql, e) : translated;
    }

    /** Whether it is about the table or the rights to it, and not about the state that the database is in. */
    static boolean concernsTheTable(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException cause
                && (state(cause).startsWith("42") || state(cause).startsWith("3F") || blamesRecords(cause));
    }

    /** Whether rights are missing, or the schema that they would be for. */
    static boolean missesRights(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException cause
                && (state(cause).equals(NO_RIGHT) || state(cause).equals(NO_SCHEMA));
    }

    /** Whether records are to blame. */
    static boolean blamesRecords(SQLException e) {
        return SqlStates.blamesRecords(state(e)) || blamesInput(e);
    }

    /*
     * Input functions of some types say that a syntax is wrong, or that something does not exist. COPY tells which column it
     * read; a mistake in a statement would have a position.
     */
    private static boolean blamesInput(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (server == null || !state(e).startsWith("42")) {
            return false;
        }
        String where = server.getWhere();
        return where == null
                ? OF_INPUT.contains(state(e)) && server.getPosition() == 0
                : COPIED_COLUMN.matcher(where).lookingAt();
    }

    static RejectedRecord rejection(SQLException e, long offset) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String state = state(e);
        if (server == null) {
            return new RejectedRecord(offset, null, state, String.valueOf(e.getMessage()), null);
        }
        Matcher copied = COPIED_COLUMN.matcher(server.getWhere() == null ? "" : server.getWhere());
        String named = server.getColumn() == null ? server.getConstraint() : server.getColumn();
        String field = named == null && copied.find() ? copied.group(1) : named;
        String message = server.getDetail() == null
                ? String.valueOf(server.getMessage())
                : server.getMessage() + " (" + server.getDetail() + ")";
        return new RejectedRecord(offset, field, state, message, hint(state, server.getHint()));
    }

    /** Whether a row is in conflict with another one. */
    static boolean conflicts(SQLException e) {
        return state(e).equals(UNIQUE_VIOLATION) || state(e).equals(EXCLUSION_VIOLATION);
    }

    /** Returns the line of a COPY that a failure is about, from 1; 0 if it does not say. */
    static long line(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        Matcher line = COPIED_LINE.matcher(server == null || server.getWhere() == null ? "" : server.getWhere());
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private static @Nullable String hint(String state, @Nullable String serverHint) {
        if (serverHint == null && state.equals(UNIQUE_VIOLATION)) {
            return "the table holds a row that this partition never committed: written by something else, or left"
                    + " from before its snapshot was lost; look at it before you remove it";
        }
        return serverHint;
    }

    /** Returns the SQLSTATE, empty if there is none. */
    static String state(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.equals(NOT_SUPPORTED) && untranslatable(e) ? UNTRANSLATABLE : state;
    }

    /* Of an escape that its encoding has no place for, PostgreSQL before 17 may say that it is not supported. */
    private static boolean untranslatable(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return server != null && "pg_unicode_to_server".equals(server.getRoutine());
    }
}
