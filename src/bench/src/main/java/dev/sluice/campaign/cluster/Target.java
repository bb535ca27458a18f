package dev.sluice.campaign.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Records;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * An HTTP API that honours keys, and is away, slow or broken for a while. Each key takes effect once; what it brings
 * is checked as it comes. Its monitor guards the effects.
 */
public final class Target implements AutoCloseable {

    /** How it behaves. */
    public enum Mood {
        WELL,
        /** Answers late. */
        SLOW,
        /** Refuses everything for the moment. */
        UNAVAILABLE,
        /** Does what it is asked, and says that it failed. */
        DONE_BUT_FAILED,
        /** Does what it is asked, and hangs up. */
        DONE_BUT_GONE,
        /** Changes with every request. */
        FLAPPING
    }

    private static final Pattern KEY = Pattern.compile("[a-z-]+/[a-z0-9]+/\\d+-\\d+");

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "target");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, TreeMap<Long, Long>> effects = new TreeMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final History history;
    private final int port;
    private HttpServer server;
    private volatile Mood mood = Mood.WELL;

    public Target(History history) throws IOException {
        this.history = history;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port = server.getAddress().getPort();
        begin();
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/{partition}";
    }

    public void mood(Mood mood) {
        this.mood = mood;
    }

    /** Stops listening. */
    public synchronized void die() {
        server.stop(0);
    }

    /** Listens again, with what it had. */
    public synchronized void live() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        begin();
    }

    /** Returns the ranges that took effect for {@code sink/partition}: first offset to end. */
    public TreeMap<Long, Long> effects(String partition) {
        synchronized (effects) {
            return new TreeMap<>(effects.getOrDefault(partition, new TreeMap<>()));
        }
    }

    private void begin() {
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Mood now = mood == Mood.FLAPPING
                    ? Mood.values()[(int) (requests.incrementAndGet() % (Mood.values().length - 1))]
                    : mood;
            if (now == Mood.SLOW) {
                Thread.sleep(700);
            }
            if (now == Mood.UNAVAILABLE) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            apply(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body);
            if (now != Mood.DONE_BUT_GONE) {
                exchange.sendResponseHeaders(now == Mood.DONE_BUT_FAILED ? 500 : 204, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(String key, String body) {
        // sink/partition/first-end
        if (!KEY.matcher(key).matches()) {
            history.violation("target: " + key + " is not a key of a batch");
            return;
        }
        int slash = key.lastIndexOf('/');
        int dash = key.lastIndexOf('-');
        String partition = key.substring(0, slash);
        long first = Long.parseLong(key.substring(slash + 1, dash));
        long end = Long.parseLong(key.substring(dash + 1));
        StringBuilder expected = new StringBuilder();
        String stream = partition.substring(partition.indexOf("/") + 1);
        for (long offset = first; offset < end; offset++) {
            expected.append(Records.record(stream, offset)).append('\n');
        }
        if (!body.strip().contentEquals(expected.toString().strip())) {
            history.violation("target: " + key + " brings other bytes than were written");
        }
        synchronized (effects) {
            TreeMap<Long, Long> ranges = effects.computeIfAbsent(partition, p -> new TreeMap<>());
            Long known = ranges.putIfAbsent(first, end);
            if (known != null && known != end) {
                history.violation("target: " + key + " was cut anew, it was " + first + "-" + known);
            }
        }
    }

    @Override
    public void close() {
        die();
        threads.shutdownNow();
    }
}
