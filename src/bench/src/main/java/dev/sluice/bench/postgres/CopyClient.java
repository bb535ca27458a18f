package dev.sluice.bench.postgres;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.postgresql.PGConnection;

/** Does what {@code psql \copy} does, where there is no psql. Arguments: URL, user, password, file. */
final class CopyClient {

    private CopyClient() {}

    public static void main(String... arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                InputStream file = Files.newInputStream(Path.of(arguments[3]))) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy peer.events from stdin", file, 65_536);
        }
    }
}
