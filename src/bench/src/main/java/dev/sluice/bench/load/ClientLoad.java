package dev.sluice.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The same load by the JDK's client, which knows HTTP/2: one request under way for each partition. It costs more CPU than
 * {@link HttpLoad}, so its numbers compare with each other only.
 */
public final class ClientLoad {

    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(3);
    private static final long GRACE = TimeUnit.SECONDS.toNanos(20);

    private final HttpClient client;
    private final HttpClient.Version version;
    private final String sink;
    private final byte[] body;
    private final int batch;
    private final Totals totals = new Totals();
    private long measureFrom;
    private long stopAt;

    private ClientLoad(String url, HttpClient.Version version, int batch) {
        this.client = HttpClient.newBuilder().version(version).build();
        this.version = version;
        this.sink = url + "/sinks/events/partitions/";
        this.batch = batch;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String json : SampleRecords.of(batch)) {
            bytes.writeBytes((json + "\n").getBytes(StandardCharsets.UTF_8));
        }
        body = bytes.toByteArray();
    }

    public static void main(String... given) throws Exception {
        Arguments arguments = new Arguments(given);
        ClientLoad load = new ClientLoad(
                arguments.text("url", "http://127.0.0.1:8080"),
                HttpClient.Version.valueOf(arguments.text("version", "HTTP_2")),
                arguments.integer("batch", 1));
        int partitions = arguments.integer("partitions", 4);
        int seconds = arguments.integer("seconds", 10);
        arguments.refuseOthers();
        System.out.println(load.run(partitions, seconds));
        System.exit(0);
    }

    private String run(int partitions, int seconds) throws Exception {
        long[] starts = new long[partitions];
        for (int p = 0; p < partitions; p++) {
            // The first of these also takes the connection from HTTP/1.1 to HTTP/2.
            starts[p] = nextOffset(client.send(snapshot(p), HttpResponse.BodyHandlers.ofString()));
        }
        measureFrom = System.nanoTime() + WARM_UP;
        stopAt = measureFrom + TimeUnit.SECONDS.toNanos(seconds);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            all.add(send(p, starts[p]));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(seconds + 60L, TimeUnit.SECONDS);
        return totals.json(seconds);
    }

    private CompletableFuture<Void> send(int partition, long offset) {
        long sentAt = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(URI.create(sink + partition + "?offset=" + offset))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handleAsync((response, broken) -> {
                    // Over a new connection, before its upgrade, large bodies are refused.
                    if (broken != null || response.version() != version) {
                        return again(partition, offset, broken == null ? new IOException("no " + version) : broken);
                    }
                    long now = System.nanoTime();
                    if (nextOffset(response) != offset + batch) {
                        throw new LoadFailure("unexpected answer: " + response.body());
                    }
                    synchronized (totals) {
                        totals.answered(now >= measureFrom && now <= stopAt, batch, false, now - sentAt, now - sentAt);
                    }
                    return now < stopAt
                            ? send(partition, offset + batch)
                            : CompletableFuture.<Void>completedFuture(null);
                })
                .thenCompose(next -> next);
    }

    // HTTP/2 servers end connections by GOAWAY, and leave open what became of the last requests: they are sent again.
    private CompletableFuture<Void> again(int partition, long offset, Throwable broken) {
        if (broken instanceof LoadFailure || System.nanoTime() > stopAt + GRACE) {
            return CompletableFuture.failedFuture(broken);
        }
        synchronized (totals) {
            totals.failed(0);
        }
        // A new connection begins with HTTP/1.1 and is upgraded by its first request, which must not have a body.
        return client.sendAsync(snapshot(partition), HttpResponse.BodyHandlers.discarding())
                .handleAsync((ready, failure) ->
                        failure == null ? send(partition, offset) : again(partition, offset, failure))
                .thenCompose(next -> next);
    }

    private HttpRequest snapshot(int partition) {
        return HttpRequest.newBuilder(URI.create(sink + partition + "/snapshot"))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    private long nextOffset(HttpResponse<String> response) {
        if (response.statusCode() != 200 || response.version() != version) {
            throw new LoadFailure(response.version() + " " + response.statusCode() + ": " + response.body());
        }
        try {
            return Snapshots.nextOffset(response.body());
        } catch (IOException e) {
            throw new LoadFailure(e.getMessage());
        }
    }
}
