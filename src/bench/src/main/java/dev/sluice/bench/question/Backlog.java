package dev.sluice.bench.question;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at what the sink "buffered" has accepted and not delivered, five times a second. */
final class Backlog implements AutoCloseable {

    private static final String QUERY =
            "select coalesce(sum(next_offset - coalesce(delivered_offset, 0)), 0) from sluice.snapshot where sink = 'buffered'";
    private static final long PAUSE = 200;
    private static final long LIMIT = TimeUnit.MINUTES.toNanos(10);

    private final Site site;
    private final List<Double> samples = new ArrayList<>();
    private final Thread thread = new Thread(this::look, "backlog");
    private volatile boolean ending;
    private volatile String problem = "";

    private Backlog(Site site) {
        this.site = site;
        thread.setDaemon(true);
    }

    static Backlog watch(Site site) {
        Backlog backlog = new Backlog(site);
        backlog.thread.start();
        return backlog;
    }

    /** Waits until nothing is left and returns the seconds that this took. */
    static double awaitDelivered(Site site) throws Exception {
        long start = System.nanoTime();
        try (Connection connection = site.database().connect();
                PreparedStatement query = connection.prepareStatement(QUERY)) {
            while (read(query) > 0) {
                if (System.nanoTime() - start > LIMIT) {
                    throw new IOException("the buffer has not delivered " + read(query) + " records for ten minutes");
                }
                Thread.sleep(20);
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Ends it and returns what it has seen. */
    List<Double> samples() throws IOException {
        close();
        if (!problem.isEmpty()) {
            throw new IOException("the backlog could not be read: " + problem);
        }
        return List.copyOf(samples);
    }

    private void look() {
        try (Connection connection = site.database().connect();
                PreparedStatement query = connection.prepareStatement(QUERY)) {
            while (!ending) {
                samples.add((double) read(query));
                Thread.sleep(PAUSE);
            }
        } catch (SQLException e) {
            problem = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long read(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
