package dev.sluice.bench.kafka;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;

/** The table that the peer fills, as seen from outside. */
final class Table implements AutoCloseable {

    private final String name;
    private final int partitions;
    private final Connection connection;
    private final PreparedStatement reached;

    private Table(String name, int partitions, Connection connection, PreparedStatement reached) {
        this.name = name;
        this.partitions = partitions;
        this.connection = connection;
        this.reached = reached;
    }

    static Table open(Options options) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", options.username());
        properties.put("password", options.password());
        properties.put("connectTimeout", "10");
        properties.put("socketTimeout", "120");
        properties.put("ApplicationName", "kafka-peer");
        Connection connection = DriverManager.getConnection(options.url(), properties);
        try {
            return new Table(
                    options.table(),
                    options.partitions(),
                    connection,
                    connection.prepareStatement(reachedSql(options.table(), options.partitions())));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    void truncate() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '30s'");
            statement.execute("truncate " + name);
        }
    }

    /**
     * Whether each partition's last row is there, and so all before it: a partition is written by one task, in order.
     * Costs one look into the index for each partition.
     *
     * @param last offsets by partition
     */
    boolean hasReached(long... last) throws SQLException {
        for (int i = 0; i < partitions; i++) {
            reached.setString(i + 1, Sender.partition(i));
        }
        try (ResultSet offsets = reached.executeQuery()) {
            offsets.next();
            for (int i = 0; i < partitions; i++) {
                if (offsets.getLong(i + 1) < last[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Whether rows with all these ids are there. */
    boolean has(String... ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select count(*) from " + name + " where id = any (?)")) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getInt(1) == ids.length;
            }
        }
    }

    Map<String, String> versions() throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        return Map.of("postgresql", data.getDatabaseProductVersion(), "pgjdbc", data.getDriverVersion());
    }

    long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from " + name)) {
            count.next();
            return count.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static String reachedSql(String table, int partitions) {
        String one = "(select coalesce(max(source_offset), -1) from " + table + " where partition_id = ?)";
        return "select " + String.join(", ", Collections.nCopies(partitions, one));
    }
}
