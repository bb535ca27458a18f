package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who sends or reads slowly keeps nobody else from writing. */
class SlowPeersIT {

    private static final int PARTITIONS = 20_000;

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.admission.max-requests=8",
                "sluice.admission.slow-after=300ms",
                "sluice.admission.max-slow=2",
                "sluice.lanes.max-parked=3",
                "server.tomcat.connection-timeout=2s",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3,4",
                "sluice.sinks.wide.type=table",
                "sluice.sinks.wide.partitions="
                        + IntStream.range(0, PARTITIONS)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(",")));
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static double gauge(String name) {
        return client.get("/actuator/metrics/sluice.admission." + name)
                .body()
                .at("/measurements/0/value")
                .doubleValue();
    }

    @Test
    void cutsOffWhoSendsTooSlowlyAndLetsOthersIn() throws IOException {
        List<RawConnection> senders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            senders.add(new RawConnection(client.port()).head("rows", "" + i, "Content-Length: 1000\r\n"));
        }
        await().untilAsserted(() -> assertThat(gauge("slow")).isEqualTo(2));
        await().untilAsserted(() -> assertThat(gauge("requests")).isZero());
        client.batch("rows", "4", 0, "1").isWritten("committed");
        List<RawConnection> cut = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            for (RawConnection sender : senders) {
                if (!cut.contains(sender) && sender.hasAnswer()) {
                    cut.add(sender);
                } else if (!cut.contains(sender)) {
                    sender.send("\n");
                }
            }
            assertThat(cut).hasSize(2);
        });
        for (RawConnection sender : cut) {
            assertThat(sender.answer())
                    .startsWith("HTTP/1.1 408")
                    .contains("/problems/request-timeout", "sluice.admission.max-slow", "Connection: close");
            sender.awaitEnd();
        }
        senders.removeAll(cut);
        for (RawConnection sender : senders) {
            sender.send("1" + "\n".repeat(999));
            assertThat(sender.answer()).startsWith("HTTP/1.1 200");
            sender.close();
        }
        await().untilAsserted(() -> assertThat(gauge("slow")).isZero());
        assertThat(gauge("bytes")).isZero();
    }

    @Test
    void holdsNothingForThoseWhoReadSlowly() throws IOException {
        List<RawConnection> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port()));
            readers.add(
                    new RawConnection(socket).send("GET /sinks/wide/partitions HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }
        for (RawConnection reader : readers) {
            await().until(reader::hasAnswer);
        }
        client.batch("wide", "0", 0, "1").isWritten("committed");
        client.snapshot("wide", "0").has("nextOffset", 1);
        assertThat(gauge("requests")).isZero();
        for (RawConnection reader : readers) {
            reader.abort();
        }
    }
}
