package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What decompression takes of memory outside of the heap is given back. */
class CompressedBodiesIT {

    private static final int LINES = 2_000;
    private static final int LINE_BYTES = 1_000;
    private static final int REQUESTS = 150;
    /* Without it every request would keep its window, 2 MB. */
    private static final long MOST_GROWTH_KB = 100 * 1024;

    /* Of random letters, so that the window is filled and not repeated. */
    private static byte[] lines() {
        Random random = new Random(1);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append('"');
            random.ints(LINE_BYTES, 'a', 'z' + 1).forEach(letter -> lines.append((char) letter));
            lines.append("\"\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long residentKb(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void giveTheirMemoryBack(@TempDir Path directory) throws IOException {
        byte[] body = Zstd.compress(lines());
        try (ServiceProcess service = ServiceProcess.on(
                PostgresForTests.freshDatabase(),
                directory,
                List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"),
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0")) {
            send(service.client(), body, REQUESTS / 3);
            long before = residentKb(service.pid());
            send(service.client(), body, REQUESTS);

            assertThat(residentKb(service.pid()) - before).isLessThan(MOST_GROWTH_KB);
        }
    }

    /* Ahead of the partition: read to the end, and not written. */
    private static void send(Client client, byte[] body, int times) {
        for (int i = 0; i < times; i++) {
            BodyPublisher publisher = BodyPublishers.ofByteArray(body);
            client.post(
                            Client.partition("events", "0") + "?offset=1",
                            Client.NDJSON,
                            publisher,
                            "Content-Encoding",
                            "zstd")
                    .isProblem(409, "offset-gap");
        }
    }
}
