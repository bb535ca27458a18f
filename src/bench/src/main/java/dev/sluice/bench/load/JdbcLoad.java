package dev.sluice.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The obvious program: four connections that insert rows, a thousand in each transaction, repeatable by a primary key.
 * Arguments: URL, user, password, rows, whether to send them in JDBC batches. Prints one line of JSON.
 */
public final class JdbcLoad {

    private static final String INSERT =
            "insert into peer.events (partition_id, source_offset, data) values (?, ?, ?::jsonb) on conflict do nothing";
    private static final int WRITERS = 4;
    private static final int TRANSACTION = 1_000;

    private JdbcLoad() {}

    public static void main(String... arguments) throws Exception {
        int rows = Integer.parseInt(arguments[3]);
        boolean batched = Boolean.parseBoolean(arguments[4]);
        String[] records = SampleRecords.of(TRANSACTION).toArray(String[]::new);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Connection> connections = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            connections.add(DriverManager.getConnection(arguments[0], arguments[1], arguments[2]));
        }
        List<Callable<Void>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String partition = Integer.toString(w);
            Connection connection = connections.get(w);
            writers.add(() -> write(connection, partition, rows / WRITERS, records, batched));
        }
        long start = System.nanoTime();
        for (Future<Void> writer : threads.invokeAll(writers)) {
            writer.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        threads.shutdown();
        System.out.printf(
                "{\"rows\":%d,\"seconds\":%.3f,\"rowsPerSecond\":%.1f}%n",
                rows / WRITERS * WRITERS, seconds, rows / WRITERS * WRITERS / seconds);
    }

    private static Void write(Connection connection, String partition, int rows, String[] records, boolean batched)
            throws SQLException {
        connection.setAutoCommit(false);
        try (connection;
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int offset = 0; offset < rows; offset++) {
                insert.setString(1, partition);
                insert.setLong(2, offset);
                insert.setString(3, records[offset % records.length]);
                if (batched) {
                    insert.addBatch();
                } else {
                    insert.executeUpdate();
                }
                if ((offset + 1) % TRANSACTION == 0 || offset + 1 == rows) {
                    if (batched) {
                        insert.executeBatch();
                    }
                    connection.commit();
                }
            }
        }
        return null;
    }
}
