package dev.sluice.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A writer to a partition whose target never answers: it waits, is told so, and comes again. */
public final class HangingWriter implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private final Thread thread = new Thread(this::run, "hanging");
    private volatile boolean ending;
    private volatile int answers;
    private volatile String unexpected = "";

    private HangingWriter(URI partition) {
        request = HttpRequest.newBuilder(URI.create(partition + "?offset=0"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("[1]"))
                .build();
        thread.setDaemon(true);
    }

    /** Begins to write to the partition at this URL. */
    public static HangingWriter start(URI partition) {
        HangingWriter writer = new HangingWriter(partition);
        writer.thread.start();
        return writer;
    }

    /** Returns how often it was told that its batch could not be written; fails if it was told anything else. */
    public int answers() throws IOException {
        if (answers == 0 || !unexpected.isEmpty()) {
            throw new IOException("the writer to a target that hangs expected 503 and got "
                    + (answers == 0 ? "no answer" : unexpected));
        }
        return answers;
    }

    private void run() {
        try {
            while (!ending) {
                write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() throws InterruptedException {
        long seconds = 1;
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 503) {
                unexpected = answer.statusCode() + ": " + answer.body();
            }
            answers++;
            seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
        } catch (IOException e) {
            // It is sent again like one that was answered.
        }
        if (!ending) {
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
        }
    }

    /** Waits for the answer to what is under way: until then the service is still busy with it. */
    @Override
    public void close() {
        ending = true;
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
