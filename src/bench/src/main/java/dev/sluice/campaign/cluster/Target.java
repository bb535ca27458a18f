package dev.sluice.campaign.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Records;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An HTTP API that honours keys, and is away, slow or broken for a while. Each key takes effect once; what it brings
 * is checked as it comes. Of sinks that settle dead letters it refuses each request with a record that {@link Records}
 * calls refused. Its monitor guards the effects.
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

    /* sink/partition/first-end, and the revision of a dead letter that is sent late. */
    private static final Pattern KEY = Pattern.compile("([a-z-]+/([a-z0-9]+))/(\\d+)-(\\d+)(?:/r(\\d+))?");

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "target");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, TreeMap<Long, Long>> effects = new TreeMap<>();
    private final Map<String, TreeMap<Long, Integer>> late = new TreeMap<>();
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

    /** Returns the dead letters that took effect for {@code sink/partition}, with the revision of each. */
    public TreeMap<Long, Integer> late(String partition) {
        synchronized (effects) {
            return new TreeMap<>(late.getOrDefault(partition, new TreeMap<>()));
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
            Optional<String> refusal = apply(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body);
            if (now == Mood.DONE_BUT_GONE) {
                return;
            }
            if (now == Mood.DONE_BUT_FAILED || refusal.isEmpty()) {
                exchange.sendResponseHeaders(now == Mood.DONE_BUT_FAILED ? 500 : 204, -1);
            } else {
                byte[] said = refusal.get().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(422, said.length);
                exchange.getResponseBody().write(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /* Returns why nothing was done, empty where it was. */
    private Optional<String> apply(String key, String body) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            history.violation("target: " + key + " is not a key of a batch");
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(3));
        long end = Long.parseLong(matcher.group(4));
        List<String> sent = LongStream.range(first, end)
                .mapToObj(offset -> Records.record(matcher.group(2), offset))
                .toList();
        if (matcher.group(5) != null) {
            return applyLate(key, matcher, sent, body.strip());
        }
        if (!body.strip().equals(String.join("\n", sent))) {
            history.violation("target: " + key + " brings other bytes than were written");
        }
        Optional<String> refusal = key.contains("letters") ? refusal(first, sent) : Optional.empty();
        if (refusal.isEmpty()) {
            synchronized (effects) {
                Long known = effects.computeIfAbsent(matcher.group(1), p -> new TreeMap<>())
                        .putIfAbsent(first, end);
                if (known != null && known != end) {
                    history.violation("target: " + key + " was cut anew, it was " + first + "-" + known);
                }
            }
        }
        return refusal;
    }

    /* What was refused comes as it was, and is refused again, or as an operator has mended it. */
    private Optional<String> applyLate(String key, Matcher matcher, List<String> sent, String body) {
        if (sent.size() != 1 || !Records.refused(sent.get(0))) {
            history.violation("target: " + key + " brings late what was never refused");
            return Optional.empty();
        }
        if (body.equals(sent.get(0))) {
            return refusal(0, sent);
        }
        if (!body.equals(Records.mended(sent.get(0)))) {
            history.violation("target: " + key + " brings what nobody has made of the record: " + body);
        }
        int revision = Integer.parseInt(matcher.group(5));
        synchronized (effects) {
            Integer known = late.computeIfAbsent(matcher.group(1), p -> new TreeMap<>())
                    .putIfAbsent(Long.valueOf(matcher.group(3)), revision);
            if (known != null && known != revision) {
                history.violation("target: " + key + " brings a record that took effect as revision " + known);
            }
        }
        return Optional.empty();
    }

    /* Most name the records that they mean; the others have to be found by halves, which takes many requests. */
    private static Optional<String> refusal(long first, List<String> records) {
        List<Integer> refused = IntStream.range(0, records.size())
                .filter(i -> Records.refused(records.get(i)))
                .boxed()
                .toList();
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        String named = refused.stream()
                .map(index -> "{\"index\":" + index + ",\"message\":\"not with this h\",\"field\":\"h\"}")
                .collect(Collectors.joining(",", "{\"rejected\":[", "]}"));
        return Optional.of(first % 8 != 7 ? named : "{\"error\":\"some h is not as it should be\"}");
    }

    @Override
    public void close() {
        die();
        threads.shutdownNow();
    }
}
