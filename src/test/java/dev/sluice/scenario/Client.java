package dev.sluice.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** A writer's HTTP client. */
public final class Client {

    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";

    private final HttpClient http;
    private final String base;
    private final String key;

    public Client(int port) {
        this(newHttp().build(), "http://127.0.0.1:" + port, KeysForTests.keyFor(port));
    }

    private Client(HttpClient http, String base, String key) {
        this.http = http;
        this.base = base;
        this.key = key;
    }

    /** Returns one over TLS, with connections of its own. */
    static Client over(SSLContext tls, int port) {
        return new Client(newHttp().sslContext(tls).build(), "https://localhost:" + port, "");
    }

    /** Returns one over TLS and, if the service speaks it, HTTP/2. */
    static Client http2(SSLContext tls, int port) {
        HttpClient http =
                newHttp().version(HttpClient.Version.HTTP_2).sslContext(tls).build();
        return new Client(http, "https://localhost:" + port, "");
    }

    private static HttpClient.Builder newHttp() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    }

    /** Returns a client that says by this key who it is, in each request. */
    public Client as(String otherKey) {
        return new Client(http, base, otherKey);
    }

    public int port() {
        return URI.create(base).getPort();
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    public Answer method(String method, String path, String... headers) {
        return send(
                request(path, headers).method(method, BodyPublishers.noBody()).build());
    }

    /** Puts a JSON document. */
    public Answer put(String path, String json) {
        return put(path, JSON, json);
    }

    public Answer put(String path, String contentType, String body) {
        return send(request(path, "Content-Type", contentType)
                .PUT(BodyPublishers.ofString(body))
                .build());
    }

    /** The same with headers. */
    public Answer putWith(String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = request(path, headers).header("Content-Type", contentType);
        return send(request.PUT(BodyPublishers.ofString(body)).build());
    }

    public Answer post(String path, String contentType, String body, String... headers) {
        return post(path, contentType, BodyPublishers.ofString(body), headers);
    }

    public Answer post(String path, String contentType, BodyPublisher body, String... headers) {
        return send(postRequest(path, contentType, body, headers));
    }

    public CompletableFuture<Answer> postAsync(String path, String contentType, String body, String... headers) {
        return http.sendAsync(
                        postRequest(path, contentType, BodyPublishers.ofString(body), headers),
                        BodyHandlers.ofByteArray())
                .thenApply(Answer::of);
    }

    /** Posts a dense batch as one JSON object; {@code records} is a comma-separated list of values. */
    public Answer batch(String sink, String partition, long offset, String records, String... headers) {
        return post(partition(sink, partition), JSON, dense(offset, records), headers);
    }

    public Answer open(String sink, String partition, String body) {
        return post(partition(sink, partition) + "/open", JSON, body);
    }

    public Answer snapshot(String sink, String partition) {
        return get(partition(sink, partition) + "/snapshot");
    }

    /** Returns the ETag of what is there. */
    public String etag(String path) {
        return get(path).response().headers().firstValue("ETag").orElseThrow();
    }

    public static String dense(long offset, String records) {
        return "{\"offset\":" + offset + ",\"records\":[" + records + "]}";
    }

    public static String partition(String sink, String partition) {
        return "/sinks/" + sink + "/partitions/" + partition;
    }

    private HttpRequest postRequest(String path, String contentType, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return request.POST(body).build();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(5));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return request;
    }

    private Answer send(HttpRequest request) {
        try {
            return Answer.of(http.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
