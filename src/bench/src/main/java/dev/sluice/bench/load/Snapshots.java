package dev.sluice.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks where partitions stand. */
final class Snapshots {

    private static final Pattern NEXT = Pattern.compile("\"nextOffset\"\\s*:\\s*(\\d+)");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    long nextOffset(LoadOptions options, String partition) throws IOException, InterruptedException {
        URI uri = options.url().resolve("/sinks/" + options.sink() + "/partitions/" + partition + "/snapshot");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        if (!options.key().isEmpty()) {
            request.header("Authorization", "Bearer " + options.key());
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new LoadFailure(uri + " answered " + response.statusCode() + ": " + response.body());
        }
        return nextOffset(response.body());
    }

    static long nextOffset(String json) throws IOException {
        Matcher matcher = NEXT.matcher(json);
        if (!matcher.find()) {
            throw new IOException("no nextOffset in " + json);
        }
        return Long.parseLong(matcher.group(1));
    }
}
