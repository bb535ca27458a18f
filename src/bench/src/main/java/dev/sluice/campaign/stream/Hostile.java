package dev.sluice.campaign.stream;

import dev.sluice.campaign.stream.Keys.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody with keys that are not good for what they are used for: of another sink, to read only, to write but with a
 * fencing token that somebody else has opened, or revoked while everything goes on. Whatever they send must be refused,
 * in the same way whatever else is the matter with it.
 */
public final class Hostile implements Runnable {

    private static final String EVERYTHING = "write read records define operate";
    private static final int TRIES_BETWEEN_REVOCATIONS = 60;

    private final Services services;
    private final List<Stream> streams;
    private final String otherSink;
    private final Random random;
    private final History history;
    private final AtomicBoolean stop;
    private final Map<String, Http> clients = new HashMap<>();
    private long refused;
    private long unanswered;

    /**
     * @param administrator who makes the keys
     * @param otherSink one that none of the streams writes to
     */
    public Hostile(
            Services administrator,
            List<Stream> streams,
            String otherSink,
            long seed,
            History history,
            AtomicBoolean stop) {
        this.services = administrator;
        this.streams = streams;
        this.otherSink = otherSink;
        this.random = new Random(seed);
        this.history = history;
        this.stop = stop;
    }

    /** A key, and the one status by which it is to be refused. */
    private record Bad(String what, String key, int status) {}

    /** A request, and what it would do. */
    private record Attempt(String method, String path, String headers, String body, boolean writes) {}

    @Override
    public void run() {
        try (Keys keys = new Keys(services, random.nextLong())) {
            Bad ofAnother = new Bad("the key of another sink", keys.make(otherSink, EVERYTHING), 404);
            Bad intruder = new Bad("the token of another", keys.make("*", "write"), 412);
            Bad reader = new Bad("a key to read with", keys.make("*", "read"), 403);
            List<Bad> revoked = new ArrayList<>();
            for (int i = 0; !stop.get(); i++) {
                if (i % TRIES_BETWEEN_REVOCATIONS == 0) {
                    revokeOne(keys, revoked);
                }
                Bad bad = switch (random.nextInt(4)) {
                    case 0 -> ofAnother;
                    case 1 -> reader;
                    case 2 -> intruder;
                    default -> revoked.isEmpty() ? ofAnother : revoked.get(random.nextInt(revoked.size()));
                };
                attempt(bad);
                LockSupport.parkNanos(random.nextInt(100) * 1_000_000L);
            }
        } finally {
            clients.values().forEach(Http::close);
            history.add("HOSTILE " + refused + " refused, " + unanswered + " without an answer");
            System.out.println("Hostile requests: " + refused + " refused, " + unanswered + " without an answer");
        }
    }

    /* Only those count of which it is certain that they are revoked; each was good at every replica before. */
    private void revokeOne(Keys keys, List<Bad> revoked) {
        Key key = keys.tryToMake("*", EVERYTHING);
        if (key == null) {
            return;
        }
        Http http = client(key.text());
        for (int port : services.ports().get()) {
            http.get(port, "/sinks");
        }
        if (keys.revoke(key)) {
            revoked.add(new Bad("a revoked key", key.text(), 401));
            history.add("HOSTILE " + key.id() + " is revoked");
        }
    }

    private void attempt(Bad bad) {
        Stream stream = streams.get(random.nextInt(streams.size()));
        boolean intrudes = bad.status() == 412;
        if (intrudes && (stream.token() == 0 || stream.resets() || stream.sink().startsWith("keyed"))) {
            return; // who has no token may write, and one that an operator has given is anybody's
        }
        Attempt attempt = intrudes ? batch(stream, stream.path()) : attempt(stream);
        boolean reads = bad.status() == 403 && !attempt.writes();
        if (reads) {
            return; // which is granted
        }
        int port = port();
        Http http = client(bad.key());
        Answer answer = attempt.method().equals("GET")
                ? http.get(port, attempt.path())
                : http.post(
                        port, attempt.path(), attempt.headers(), attempt.body().getBytes());
        // A service that is starting, stopping or without its database says nothing of keys.
        boolean busy = intrudes && (answer.status() == 429 || answer.status() == 502);
        if (answer.status() == 0 || answer.status() == 408 || answer.status() == 503 || busy) {
            unanswered++;
        } else if (answer.status() == bad.status()) {
            refused++;
        } else {
            history.violation(bad.what() + " is not answered " + bad.status() + " at " + port + ", " + attempt.method()
                    + " " + attempt.path() + ": " + answer.brief());
        }
    }

    /* Batches go another way than the rest, unless there is something unusual in their path. */
    private Attempt attempt(Stream stream) {
        if (stream.sink().startsWith("keyed")) {
            return batch(stream, "/sinks/" + stream.sink() + "/records");
        }
        String json = "Content-Type: application/json\r\n";
        return switch (random.nextInt(6)) {
            case 0 -> new Attempt("POST", stream.path() + "/open", json, "{\"owner\":\"hostile\"}", true);
            case 1 -> new Attempt("GET", stream.path() + "/snapshot", "", "", false);
            case 2 -> {
                String partition = stream.partition();
                String unusual = "/sinks/" + stream.sink() + "/partitions/%" + Integer.toHexString(partition.charAt(0))
                        + partition.substring(1);
                yield batch(stream, unusual);
            }
            default -> batch(stream, stream.path());
        };
    }

    private static Attempt batch(Stream stream, String path) {
        long offset = stream.acked();
        return new Attempt(
                "POST",
                path + "?offset=" + offset,
                PartitionWriter.NDJSON + stream.tokenHeader(),
                stream.record(offset),
                true);
    }

    private int port() {
        return services.port(random);
    }

    private Http client(String key) {
        return clients.computeIfAbsent(key, text -> new Http(10_000, text));
    }
}
