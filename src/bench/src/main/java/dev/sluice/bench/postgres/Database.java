package dev.sluice.bench.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** One database of a server, by its address. */
public record Database(String host, int port, String name, String username, String password) {

    private static final String PREFIX = "jdbc:postgresql://";

    /** Reads {@code jdbc:postgresql://host[:port]/database}. */
    public static Database of(String url, String username, String password) {
        if (!url.startsWith(PREFIX) || url.indexOf('/', PREFIX.length()) < 0) {
            throw new IllegalArgumentException("--url must be like jdbc:postgresql://host:5432/database, not " + url);
        }
        String[] parts = url.substring(PREFIX.length()).split("[/?]", 3);
        String[] address = parts[0].split(":", 2);
        int port = address.length == 2 ? Integer.parseInt(address[1]) : 5432;
        return new Database(address[0], port, parts[1], username, password);
    }

    public String url() {
        return PREFIX + host + ":" + port + "/" + name;
    }

    /** Returns another database of the same server. */
    public Database named(String other) {
        return new Database(host, port, other, username, password);
    }

    /** Returns the variables by which PostgreSQL's programs find it. */
    public Map<String, String> environment() {
        return Map.of(
                "PGHOST", host,
                "PGPORT", Integer.toString(port),
                "PGDATABASE", name,
                "PGUSER", username,
                "PGPASSWORD", password);
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), username, password);
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public String text(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    public long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }
}
