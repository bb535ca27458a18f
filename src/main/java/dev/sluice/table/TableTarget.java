package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * The table that a sink writes to, as it was last found to be right. Thread-safe: what is known is replaced as a whole,
 * and whoever replaces it has looked at the table itself.
 */
final class TableTarget {

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String GONE = "acknowledged records are gone";

    private static final String LEAVES = """
            select l.relid::regclass::text, c.relkind
              from pg_partition_tree(?::oid) l join pg_class c on c.oid = l.relid
             where l.isleaf and (c.relpersistence <> 'p' or c.relkind <> 'r')
             order by 1 limit 1""";

    /**
     * What is known.
     *
     * @param mark of the table when it was looked at under a lock; empty before the first such look
     * @param look the last one under a lock, found to be right; null before the first. While a transaction holds the
     *     lock, those of others are the same in all that matters
     * @param identity of the table that has the acknowledged records
     */
    record Known(String mark, @Nullable TableLook look, TableIdentity identity) {

        TableLook seen() {
            return Objects.requireNonNull(look, "nobody has looked under a lock yet");
        }
    }

    /** {@code at} by {@link System#nanoTime}. */
    private record Found(TableLook look, long at) {

        private Found(TableLook look) {
            this(look, System.nanoTime());
        }
    }

    private static final Duration LATELY = Duration.ofMillis(100);

    private final TableName table;
    private final TableForm form;
    private final TableStatements statements;
    private final String[] partitions;
    private final RowLayout layout;
    private final boolean lockable;
    private volatile @Nullable Known known;
    /* The last look at a table that was right, under a lock or not. */
    private volatile @Nullable Found found;

    TableTarget(
            TableName table,
            TableSinkProperties settings,
            RowLayout layout,
            Engine engine,
            TableStatements statements,
            List<String> partitions) {
        this.table = table;
        this.form = new TableForm(table, layout, settings.accept());
        this.layout = layout;
        // Other engines lock tables by other means, or not at all; there rows go in by INSERT only, which casts them.
        this.lockable = engine.unfolds() && !settings.accept().contains(Shortcoming.FOREIGN);
        this.statements = statements;
        this.partitions = partitions.toArray(String[]::new);
    }

    /** Takes the table that is there now for the sink's own, which has acknowledged nothing yet. */
    void adopt(Connection transaction) throws SQLException {
        TableLook look = found(examine(transaction));
        known = new Known("", null, look.identity(table));
    }

    /** Whether there is no table of that name. */
    boolean isMissing(Connection transaction) throws SQLException {
        return TableLook.at(transaction, table, layout).isEmpty();
    }

    /** Returns what the table is now, which is right. */
    TableLook examine(Connection transaction) throws SQLException {
        TableLook look = TableLook.at(transaction, table, layout)
                .orElseThrow(() -> new SinkException(
                        Disposition.BROKEN,
                        "the table " + table + " does not exist; create it, or set create-table: true",
                        null));
        form.require(look);
        requireLeaves(transaction, look);
        return look;
    }

    /** Takes the table for the sink's own if it is the one that has the acknowledged records. */
    void recognise(Connection transaction, Optional<TableIdentity> expected) throws SQLException {
        known = expected.map(identity -> new Known("", null, identity)).orElse(null);
        TableLook look = existing(TableLook.at(transaction, table, layout));
        if (expected.isPresent()) {
            requireSame(transaction, look, expected.get());
        }
        form.require(look);
        requireLeaves(transaction, look);
        found(look);
        known = new Known("", null, look.identity(table));
    }

    /** Looks at the table without a lock. */
    void verify(Connection connection) throws SQLException {
        TableLook look = existing(TableLook.at(connection, table, layout));
        judge(connection, look);
        requireLeaves(connection, look);
        found(look);
    }

    /** Looks at the table, which stays as it is until the transaction ends. */
    void inspect(Connection transaction) throws SQLException {
        String mark = lockable ? TableLook.lock(transaction, table).orElseThrow(this::gone) : "";
        if (trusted().filter(known -> known.mark().equals(mark)).isPresent()) {
            return;
        }
        TableLook look = existing(TableLook.at(transaction, table, layout));
        judge(transaction, look);
        TableLook same = found(look);
        known = new Known(mark, same, same.identity(table));
    }

    /** Notes a look that was right; returns an equal one if that was the last, so that it is compared at once. */
    private TableLook found(TableLook look) {
        Found before = found;
        TableLook same = before != null && before.look().equals(look) ? before.look() : look;
        found = new Found(same);
        return same;
    }

    /** Returns the last look, under a lock or not; null if the table was never right. */
    @Nullable
    TableLook found() {
        Found now = found;
        return now == null ? null : now.look();
    }

    /** Whether that was so short a while ago that nobody has to look again. */
    boolean foundLately() {
        Found now = found;
        return now != null && System.nanoTime() - now.at() < LATELY.toNanos();
    }

    /** Returns the last look under a lock; null before the first. */
    @Nullable
    TableLook seen() {
        Known now = known;
        return now == null ? null : now.look();
    }

    /** Returns what holds for as long as the table has its mark; empty if the table has to be looked at. */
    Optional<Known> trusted() {
        Known now = known;
        return now == null || now.mark().isEmpty() || !now.seen().marked() ? Optional.empty() : Optional.of(now);
    }

    /**
     * Throws unless the table, which stays as it is until the transaction ends, has the mark of what was {@code trusted}.
     * What has changed must not be looked at here: the rows that were just written would hide that the others are gone.
     */
    void confirm(Known trusted, @Nullable String mark) {
        if (!trusted.mark().equals(mark)) {
            throw doubted(null);
        }
    }

    /** Makes the next write look at the table first; returns what has the transaction repeated. */
    RuntimeException doubted(@Nullable Exception failure) {
        Known now = known;
        if (now != null) {
            known = new Known("", now.look(), now.identity());
        }
        String message = "the table " + table + " may have changed since it was looked at";
        return new ConcurrencyFailureException(message, new SQLException(message, SERIALIZATION_FAILURE, failure));
    }

    /** Throws if the table is not as it should be. */
    private void judge(Connection connection, TableLook look) throws SQLException {
        Known before = known;
        if (before == null) {
            throw gone(); // and has not been recognised since
        }
        if (!look.equals(before.look())) {
            requireSame(connection, look, before.identity());
            form.require(look);
        }
    }

    private TableLook existing(Optional<TableLook> look) {
        return look.orElseThrow(this::gone);
    }

    private LostTargetException gone() {
        return new LostTargetException(
                Loss.GONE,
                "the table " + table + " does not exist any more: " + GONE
                        + ". Nothing was written, and it was not made"
                        + " anew. Restore it, or name the table that has them");
    }

    private void requireSame(Connection connection, TableLook look, TableIdentity expected) throws SQLException {
        TableIdentity found = look.identity(table);
        if (!found.sameDatabase(expected)) {
            // Dumped and restored: all OIDs are others. What can be told is whether there is anything at all.
            if (!holdsAny(connection)) {
                throw new LostTargetException(
                        Loss.EMPTIED,
                        "the database was restored, and the table " + table + " has no row of this sink's partitions: "
                                + GONE + ". Restore the table with the schema sluice, from the same dump");
            }
        } else if (found.oid() != expected.oid()) {
            throw new LostTargetException(
                    Loss.REPLACED,
                    found + " is in the place of " + expected + ": " + GONE + " from where this sink writes to. Bring"
                            + " the former table back under its name");
        } else if (found.file() != expected.file() && look.neverCounted() && !holdsAny(connection)) {
            throw new LostTargetException(
                    Loss.EMPTIED,
                    "the table " + table + " was emptied (TRUNCATE), it has no row of this sink's partitions any more: "
                            + GONE + ". Restore its rows");
        }
    }

    private boolean holdsAny(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(statements.holdsAny())) {
            if (layout.positions()) {
                statement.setArray(1, connection.createArrayOf("text", partitions));
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Throws if rows may have gone into a partition of the table that does not keep them; those with rows are locked. */
    void requireLeaves(Connection connection, TableLook look) throws SQLException {
        if (!look.partitioned()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(LEAVES)) {
            statement.setLong(1, look.oid());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    form.requirePartition(row.getString(1), row.getString(2).charAt(0));
                }
            }
        }
    }

    Optional<String> identity() {
        Known now = known;
        return now == null ? Optional.empty() : Optional.of(now.identity().toString());
    }

    /** Returns what a look that failed means. */
    RuntimeException failed(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "42P01", "3F000" -> gone();
            case "42501" ->
                new SinkException(
                        Disposition.BROKEN,
                        "the table " + table + " must not be looked at or locked: " + e.getMessage() + ". "
                                + statements.rights().advice(table),
                        e);
            case "42809" ->
                new SinkException(
                        Disposition.BROKEN, "the table " + table + " is no table any more: " + e.getMessage(), e);
            default -> statements.failed(e, "look at the table");
        };
    }
}
