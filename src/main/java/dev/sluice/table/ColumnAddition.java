package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds columns to a table, for all replicas one after the other, in transactions that hold nothing but the table: it is
 * locked against everybody meanwhile. Columns that were added say so in their comments, by which they are counted.
 */
final class ColumnAddition {

    private static final Logger log = LoggerFactory.getLogger(ColumnAddition.class);

    private static final String ONE_AT_A_TIME =
            "select pg_advisory_xact_lock(hashtextextended('sluice add columns ' || ?::oid, 0))";

    private static final String THERE = """
            select a.attname, coalesce(d.description, '') like ? as added
              from pg_attribute a
              left join pg_description d
                on d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
             where a.attrelid = ?::oid and a.attnum > 0 and not a.attisdropped""";

    private static final String COMMENT = "added by Sluice";
    private static final String SHORTLY = "set local lock_timeout = '300ms'";
    private static final String LOCKED = "55P03";
    private static final int TRIES = 10;
    private static final int LEAST_PAUSE = 100;

    private final TableName table;
    private final TableDatabase database;
    private final int most;
    private final Consumer<Map<String, String>> whenAdded;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * @param most how many columns the table may get
     * @param whenAdded told, in the transaction that adds them, of columns and their types
     */
    ColumnAddition(TableName table, TableDatabase database, int most, Consumer<Map<String, String>> whenAdded) {
        this.table = table;
        this.database = database;
        this.most = most;
        this.whenAdded = whenAdded;
    }

    /** Adds those columns that are not there, by name and type, unless that would be too many. */
    void add(long oid, Map<String, String> columns) {
        oneAtATime.lock(); // others wait without a connection
        try {
            addOne(oid, columns);
        } finally {
            oneAtATime.unlock();
        }
    }

    private void addOne(long oid, Map<String, String> columns) {
        for (int tries = 1; ; tries++) {
            try {
                List<String> added = database.apart(connection -> attempt(connection, oid, columns));
                if (!added.isEmpty()) {
                    log.info("The table {} got the columns {} for members of records", table, added);
                }
                return;
            } catch (LockedException e) {
                if (tries == TRIES) {
                    throw new SinkException(
                            Disposition.UNAVAILABLE,
                            "the table " + table + " is to get the columns " + columns.keySet() + ", and is locked by "
                                    + database.locks().ofAny(table),
                            e);
                }
                pause();
            }
        }
    }

    /* Whoever waits for the table keeps all others waiting: they get their turn in between. */
    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(LEAST_PAUSE, 3 * LEAST_PAUSE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SinkException(Disposition.UNAVAILABLE, "the service is stopping", e);
        }
    }

    private static final class LockedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private LockedException(SQLException e) {
            super(e.getMessage(), e);
        }
    }

    private List<String> attempt(Connection connection, long oid, Map<String, String> columns) {
        try {
            return tryAdd(connection, oid, columns);
        } catch (SQLException e) {
            if (LOCKED.equals(e.getSQLState())) {
                throw new LockedException(e);
            }
            if (SqlFailure.state(e).startsWith("42")) {
                throw new SinkException(
                        Disposition.BROKEN,
                        "the table " + table + " cannot get the columns " + columns + ": " + e.getMessage()
                                + ". Only its owner may add any: add them yourself, or set other-members: ignore",
                        e);
            }
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "the table " + table + " cannot get the columns " + columns + " now: " + e.getMessage(),
                    e);
        }
    }

    private List<String> tryAdd(Connection connection, long oid, Map<String, String> columns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SHORTLY);
        }
        try (PreparedStatement lock = connection.prepareStatement(ONE_AT_A_TIME)) {
            lock.setLong(1, oid);
            lock.execute();
        }
        List<String> there = new ArrayList<>();
        int added = 0;
        try (PreparedStatement query = connection.prepareStatement(THERE)) {
            query.setString(1, COMMENT + "%");
            query.setLong(2, oid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    there.add(row.getString(1));
                    added += row.getBoolean(2) ? 1 : 0;
                }
            }
        }
        List<String> missing =
                columns.keySet().stream().filter(name -> !there.contains(name)).toList();
        if (missing.isEmpty() || added + missing.size() > most) {
            return List.of();
        }
        alter(connection, missing, columns);
        Map<String, String> types = new LinkedHashMap<>();
        missing.forEach(name -> types.put(name, columns.get(name)));
        whenAdded.accept(types);
        return missing;
    }

    private void alter(Connection connection, List<String> missing, Map<String, String> columns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter table " + table.quoted() + " "
                    + missing.stream()
                            .map(name -> "add column " + TableName.quote(name) + " " + columns.get(name))
                            .collect(Collectors.joining(", ")));
            String comment = COMMENT + " " + Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
            for (String name : missing) {
                statement.execute(
                        "comment on column " + table.quoted() + "." + TableName.quote(name) + " is '" + comment + "'");
            }
        }
    }
}
