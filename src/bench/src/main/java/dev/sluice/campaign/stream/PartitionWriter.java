package dev.sluice.campaign.stream;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Feeds one partition, request by request, through any of the services. */
public abstract class PartitionWriter implements Runnable {

    static final String NDJSON = "Content-Type: application/x-ndjson\r\n";

    final Stream stream;
    final Random random;
    final History history;
    final Http http;
    private final Services services;
    private final int restMillis;
    private final AtomicBoolean stop;

    /** @param restMillis how long it rests between two requests, on average */
    PartitionWriter(Stream stream, Services services, int restMillis, long seed, History history, AtomicBoolean stop) {
        this.stream = stream;
        this.services = services;
        this.restMillis = restMillis;
        this.random = new Random(seed);
        this.history = history;
        this.stop = stop;
        // Now and then shorter than what the service may take: its answer is then unknown.
        this.http = new Http(3_000 + random.nextInt(17_000), services.key());
    }

    @Override
    public final void run() {
        try (http) {
            while (!stop.get()) {
                step();
                if (restMillis > 0) {
                    LockSupport.parkNanos(random.nextInt(2 * restMillis) * 1_000_000L);
                }
            }
        } catch (RuntimeException e) {
            history.violation(stream.partition() + ": the writer itself failed: " + e);
        }
    }

    abstract void step();

    /** Writes until everything sent is acknowledged; false if time runs out. */
    public abstract boolean settle(long seconds);

    int port() {
        return services.port(random);
    }

    /**
     * Notes that nothing was acknowledged by a request since {@code start} whose target was broken, or whose sink was
     * paused, all the time.
     */
    void requireRefused(long start, Answer answer) {
        if (answer.status() == 200 && stream.calm() && stream.silence().lasted(stream.sink(), start)) {
            stream.wrong("a batch is acknowledged though every replica knows that its sink is paused", answer);
        }
        if (answer.status() == 200 && stream.damage().lasted(stream.sink(), start)) {
            stream.wrong("a batch is acknowledged though the target is not what it should be", answer);
        }
    }

    /** Notes what was said, and that no fault makes a service say that it or its target is broken. */
    void note(String what, long first, long end, int port, Answer answer) {
        history.add(stream.partition() + " " + what + " " + first + "-" + end + " " + stream.token() + " at " + port
                + ": " + answer.brief());
        boolean damaged = stream.damage().mayBeTold(stream.sink());
        if (answer.is("internal-error") || (answer.is("target-broken") && !damaged)) {
            stream.wrong("a fault is taken for a mistake or for damage", answer);
        }
        if (answer.body().contains("prepared statement")) {
            stream.wrong("the session that a pooler has given to somebody else is taken for its own", answer);
        }
    }
}
