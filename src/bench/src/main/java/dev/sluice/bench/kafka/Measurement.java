package dev.sluice.bench.kafka;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Rows sent and waited for. */
final class Measurement {

    private static final Duration EVERY = Duration.ofMillis(50);

    /** Asking the worker is not free: seldom enough not to be seen. */
    private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();

    /**
     * What came out of it.
     *
     * @param sentSeconds from the first row sent to the last one acknowledged by the broker
     * @param seconds from the first row sent to all rows being visible in the table, to {@link #EVERY}
     * @param rowsInTable counted after that
     */
    record Result(int rows, double sentSeconds, double seconds, long rowsInTable) {}

    private final Options options;
    private final Broker broker;
    private final Worker worker;
    private final Sender sender;
    private final Payloads payloads;
    private final Table table;

    private long nextCheck;

    Measurement(Options options, Broker broker, Worker worker, Sender sender, Payloads payloads, Table table) {
        this.options = options;
        this.broker = broker;
        this.worker = worker;
        this.sender = sender;
        this.payloads = payloads;
        this.table = table;
    }

    Result run(int rows) throws Exception {
        table.truncate();
        nextCheck = System.nanoTime() + CHECK_NANOS;
        long start = System.nanoTime();
        sender.send(rows);
        double sent = secondsSince(start);
        Callable<Boolean> arrived = arrival(rows);
        Await.until(rows + " rows are in the table", options.timeout(), EVERY, () -> {
            check();
            return arrived.call();
        });
        double seconds = secondsSince(start);
        long count = table.count();
        long expected = options.replacing() ? payloads.keys(rows) : rows;
        if (count != expected) {
            throw new PeerException(count + " rows in the table instead of " + expected);
        }
        return new Result(rows, sent, seconds, count);
    }

    /** All has arrived when the last row of each partition has: each is written by one task, in order. */
    private Callable<Boolean> arrival(int rows) {
        if (options.replacing()) {
            String[] ids = payloads.lastIds(rows, options.partitions());
            return () -> table.has(ids);
        }
        long[] last = sender.last();
        return () -> table.hasReached(last);
    }

    private void check() throws Exception {
        broker.checkAlive();
        if (System.nanoTime() > nextCheck) {
            nextCheck = System.nanoTime() + CHECK_NANOS;
            worker.checkRunning();
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
