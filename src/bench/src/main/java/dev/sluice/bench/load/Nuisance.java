package dev.sluice.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everybody whom a service has to bear: writers to the sinks {@code refusing} and {@code silent}, whose targets are dead,
 * senders to the sink {@code slow} and readers that take their time. They are threads of this process, which has little
 * else to do.
 */
public final class Nuisance implements AutoCloseable {

    public static final int WRITERS = 16;

    private static final List<String> SINKS = List.of("refusing", "silent");
    private static final int PARTITIONS = 8;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI url;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong failures = new AtomicLong();
    private final SlowPeers peers;
    private volatile boolean ending;

    private Nuisance(URI url, int count) throws IOException {
        this.url = url;
        peers = new SlowPeers(url, count);
    }

    /** Starts all of them, {@code count} senders and as many readers. */
    public static Nuisance start(URI url, int count) throws IOException {
        Nuisance nuisance = new Nuisance(url, count);
        for (String sink : SINKS) {
            for (int w = 0; w < WRITERS; w++) {
                String path = "/sinks/" + sink + "/partitions/" + w % PARTITIONS + "?offset=0";
                nuisance.run(() -> nuisance.write(path));
            }
        }
        nuisance.run(nuisance.peers::run);
        return nuisance;
    }

    /** Says how much they did. */
    public String summary() {
        return "%,d writes to dead targets failed, slow peers had to connect %,d times"
                .formatted(failures.get(), peers.connected());
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                while (!ending) {
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void write(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("[1, 2, 3]"))
                .build();
        long seconds = 1;
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
        } catch (IOException e) {
            // It is sent again like one that was answered.
        }
        failures.incrementAndGet();
        Thread.sleep(Duration.ofSeconds(seconds).toMillis());
    }

    @Override
    public void close() {
        ending = true;
        threads.forEach(Thread::interrupt);
        peers.close();
    }
}
