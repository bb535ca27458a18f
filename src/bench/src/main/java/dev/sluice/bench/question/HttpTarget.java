package dev.sluice.bench.question;

import dev.sluice.bench.load.Receiver;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The receiver in its own process: what an HTTP sink sends to, and its limit. */
final class HttpTarget implements AutoCloseable {

    private static final long START = Duration.ofSeconds(30).toNanos();

    private final Child process;
    private final int port;
    private final Path directory;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpTarget(Child process, int port, Path directory) {
        this.process = process;
        this.port = port;
        this.directory = directory;
    }

    static HttpTarget start(Path directory) throws IOException, InterruptedException {
        int port = Ports.free();
        Child process = Child.start(
                directory,
                "receiver-" + port,
                Map.of(),
                Jvm.command(Receiver.class.getName(), List.of("--port", "" + port)));
        HttpTarget target = new HttpTarget(process, port, directory);
        try {
            target.awaitReady();
            return target;
        } catch (IOException | InterruptedException e) {
            target.close();
            throw e;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Asks it directly, by the load generator, and counts afterwards that it took all. */
    LoadResult load(String... arguments) throws Exception {
        return Direct.load(directory, url(), new Place("receiver", this::lines), arguments);
    }

    /** Returns how many records it took. */
    long lines() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/count"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return Long.parseLong(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START;
        while (true) {
            try {
                lines();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the receiver did not start: " + process.errors(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
