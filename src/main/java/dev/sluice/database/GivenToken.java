package dev.sluice.database;

import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A fencing token that this process has given out. A database without it is older than that: tokens of a partition only
 * rise, and its row is never removed.
 *
 * @param incarnation that was current then
 */
record GivenToken(PartitionKey key, long token, long incarnation) {

    private static final String FIND = "select fencing_token from sluice.snapshot where sink = ? and partition_id = ?";

    /** Returns in words what the database does not have; empty if it has this token, or a higher one. */
    String missing(Connection connection) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setString(1, key.sink());
            find.setString(2, key.partition());
            try (ResultSet row = find.executeQuery()) {
                long found = row.next() ? row.getLong(1) : 0;
                return found >= token
                        ? ""
                        : "the fencing token " + token + " of " + key + " is gone, the last one there is " + found;
            }
        }
    }
}
