package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was told to end is not ready any more, and finishes what it has begun. */
class DrainIT {

    @TempDir
    Path directory;

    @Test
    void isNotReadyOnceItWasToldToEndAndAnswersWhatIsUnderWay() throws IOException {
        try (ServiceProcess service =
                        ServiceProcess.on(PostgresForTests.freshDatabase(), directory, List.of("-Xmx256m"));
                Socket writer = new Socket(
                        InetAddress.getLoopbackAddress(), service.client().port())) {
            Client client = service.client();
            send(writer, """
                    POST /sinks/events/partitions/0?offset=0 HTTP/1.1
                    Host: localhost
                    Connection: close
                    Content-Type: application/x-ndjson
                    Content-Length: 4

                    """.replace("\n", "\r\n") + "1\n");
            assertThat(ready(client)).isTrue();
            service.signal("TERM");
            await().atMost(Duration.ofSeconds(10)).until(() -> !ready(client));
            assertThat(ready(service.client())).as("on a new connection").isFalse();
            send(writer, "2\n");
            assertThat(new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"written\":2");
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean ready(Client client) {
        try {
            return client.get("/actuator/health/readiness").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
