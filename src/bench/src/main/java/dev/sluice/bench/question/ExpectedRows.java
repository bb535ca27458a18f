package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * What a table must hold after all records of a file were upserted into it: the last record of each id. PostgreSQL's
 * own JSON functions tell it, so that neither side is compared with its own way of reading records.
 */
final class ExpectedRows {

    // No record has these two characters, so that each line is one value as it is.
    private static final String LINES =
            "copy peer.sent (record) from stdin (format csv, delimiter e'\\x02', quote e'\\x01')";

    private static final String LAST = """
            insert into peer.expected
            select flight.*
            from (select distinct on (record ->> 'id') record
                  from peer.sent
                  order by record ->> 'id', number desc) last,
                 jsonb_populate_record(null::peer.expected, record) flight""";

    private static final String DIFFERENT = """
            select count(*) from peer.expected full join %1$s on %1$s.id = expected.id
            where (expected.*) is distinct from (%2$s.*)""";

    private final Database database;
    private final long count;

    private ExpectedRows(Database database, long count) {
        this.database = database;
        this.count = count;
    }

    /** Reads the file into a table beside {@code like}, which decides on the columns and their types. */
    static ExpectedRows of(Database database, String like, Path file) throws IOException, SQLException {
        database.execute(
                "create table peer.sent (number bigint generated always as identity, record jsonb not null)",
                "create table peer.expected (like " + like + " including all)");
        try (Connection connection = database.connect();
                InputStream lines = Files.newInputStream(file)) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(LINES, lines, 65_536);
        }
        database.execute(LAST, "drop table peer.sent", "vacuum analyze peer.expected");
        return new ExpectedRows(database, database.number("select count(*) from peer.expected"));
    }

    long count() {
        return count;
    }

    /** Fails unless the table holds just these rows, each with the same values. */
    void require(String table) throws IOException, SQLException {
        String name = table.substring(table.indexOf('.') + 1);
        long different = database.number(DIFFERENT.formatted(table, name));
        if (different != 0) {
            throw new IOException("ROWS DO NOT MATCH: " + different + " rows of " + table
                    + " are missing, too many, or not what the last record of their id says");
        }
    }
}
