package dev.sluice.campaign.check;

import dev.sluice.bench.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The service's own tables: where each partition stands, and what it says it has committed. */
final class Ledger {

    private final Database database;

    Ledger(Database database) {
        this.database = database;
    }

    /** Returns N of a partition. */
    long nextOffset(String sink, String partition) throws SQLException {
        return number(
                "select coalesce(max(next_offset), 0) from sluice.snapshot where sink = ? and partition_id = ?",
                sink,
                partition);
    }

    /** Returns how far a buffer has delivered. */
    long delivered(String sink, String partition) throws SQLException {
        return number(
                "select coalesce(max(delivered_offset), 0) from sluice.snapshot where sink = ? and partition_id = ?",
                sink,
                partition);
    }

    String state(String sink, String partition) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(
                        "select coalesce(max(state::text), '') from sluice.snapshot where sink = ? and partition_id = ?")) {
            query.setString(1, sink);
            query.setString(2, partition);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Returns what operators have given up of a partition, by the trail of what they have done. */
    Holes holes(String sink, String partition) throws SQLException {
        Holes holes = new Holes();
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement("""
                        select (before ->> 'nextOffset')::bigint, (after ->> 'nextOffset')::bigint
                        from sluice.audit where action = 'reset' and sink = ? and partition_id = ? order by id""")) {
            query.setString(1, sink);
            query.setString(2, partition);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    holes.add(row.getLong(1), row.getLong(2));
                }
            }
        }
        return holes;
    }

    /**
     * Returns what is wrong with the receipts, empty if they tile {@code [0, next)}, one hash for each record from
     * {@code base} on that is not in a hole.
     */
    String receipts(String sink, String partition, long base, long next) throws SQLException {
        Holes holes = holes(sink, partition);
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement("""
                        select first_offset, end_offset, record_count, octet_length(record_hashes)
                        from sluice.receipt where sink = ? and partition_id = ? order by first_offset""")) {
            query.setString(1, sink);
            query.setString(2, partition);
            long at = 0;
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    long first = row.getLong(1);
                    long end = row.getLong(2);
                    long count = end <= base ? 0 : end - first - holes.within(first, end);
                    if (first != at || row.getLong(3) != count || row.getLong(4) != 8 * count) {
                        return "receipt " + first + "-" + end + " of " + row.getLong(3) + " records comes after " + at;
                    }
                    at = end;
                }
            }
            return at == next ? "" : "receipts end at " + at + ", the snapshot at " + next;
        }
    }

    /** Returns how many tasks have not ended. */
    long runningTasks() throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement query =
                        connection.prepareStatement("select count(*) from sluice.task where state = 'running'");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private long number(String sql, String sink, String partition) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, sink);
            query.setString(2, partition);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
