package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.commit.Lanes;
import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More than the service takes at once: 8 requests in all, so 4 for a sink while it is alone. */
class OverloadIT {

    private static final String LARGE = "Content-Length: 50000000\r\n";
    private static final String SMALL = "Content-Length: 100\r\n";

    private final List<RawConnection> connections = new ArrayList<>();
    private Receiver receiver;
    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        receiver = Receiver.ignoringKeys();
        service = InProcess.start(
                "sluice.admission.max-requests=8",
                "sluice.admission.max-bytes=100MB",
                "sluice.admission.slow-after=1h",
                "sluice.lanes.max-parked=3",
                "sluice.lanes.max-waiting=1",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3,4",
                "sluice.sinks.others.type=table",
                "sluice.sinks.others.partitions=0",
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.url=" + receiver.url("/in"),
                "sluice.sinks.hook.partitions=0,1,2,3,4,5,6,7,8,9");
        client = service.client();
    }

    @AfterEach
    void stop() throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
        receiver.release();
        service.close();
        receiver.close();
    }

    private RawConnection connect() throws IOException {
        RawConnection connection = new RawConnection(client.port());
        connections.add(connection);
        return connection;
    }

    private double gauge(String name) {
        return client.get("/actuator/metrics/sluice.admission." + name)
                .body()
                .at("/measurements/0/value")
                .doubleValue();
    }

    private void awaitPlacesTaken(int count) {
        await().untilAsserted(() -> assertThat(gauge("requests")).isEqualTo(count));
    }

    private void useUpTheShareOfRows() throws IOException {
        for (int i = 0; i < 4; i++) {
            connect().head("rows", "" + i, SMALL);
        }
        awaitPlacesTaken(4);
    }

    @Test
    void refusesBeforeTheBodyIsReadAndTellsWhenToComeBack() throws IOException {
        useUpTheShareOfRows();
        for (String expect : List.of("", "Expect: 100-continue\r\n")) {
            for (String length : List.of(SMALL, LARGE, "Transfer-Encoding: chunked\r\n")) {
                String answer = connect().head("rows", "4", length + expect).answer();
                assertThat(answer)
                        .startsWith("HTTP/1.1 429")
                        .contains("Retry-After: ", "/problems/busy", "sluice.admission.max-requests=8")
                        .contains("\"retryable\":true", "\"sink\":\"rows\"", "\"partition\":\"4\"");
                // What is still to come of the body is small: it is thrown away, and the connection is good for more.
                if (length.equals(SMALL) && expect.isEmpty()) {
                    assertThat(answer).doesNotContain("Connection: close");
                }
            }
        }
        assertThat(client.get("/actuator/metrics/sluice.admission.refused")
                        .body()
                        .toString())
                .contains("max-requests", "rows");
        client.open("rows", "4", "{\"owner\":\"me\"}").isProblem(429, "busy");
        client.post("/sinks/rows/records?offset=0", JSON, "[{\"key\":\"k\",\"value\":1}]")
                .isProblem(429, "busy");
    }

    @Test
    void refusesNothingThatOnlyAsksOrIsAnOperators() throws IOException {
        useUpTheShareOfRows();
        for (String path :
                List.of("/actuator/health", "/actuator/info", "/sinks", "/sinks/rows/partitions", "/openapi.yaml")) {
            assertThat(client.get(path).status()).as(path).isEqualTo(200);
        }
        client.snapshot("rows", "4").has("nextOffset", 0);
        assertThat(client.put("/sinks/new?dryRun=true", "{\"type\":\"table\",\"partitions\":[\"0\"]}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesTheNextOnceAPlaceIsGivenBack() throws IOException {
        useUpTheShareOfRows();
        client.batch("rows", "4", 0, "1").isProblem(429, "busy");
        connections.get(0).send("1".repeat(99) + "\n");
        assertThat(connections.get(0).answer()).startsWith("HTTP/1.1 200");
        awaitPlacesTaken(3);
        client.batch("rows", "4", 0, "1").isWritten("committed");
    }

    @Test
    void givesAllPlacesBackAfterAStormOfAbortedRequests() throws IOException {
        for (int i = 0; i < 300; i++) {
            RawConnection connection =
                    new RawConnection(client.port()).head(i % 2 == 0 ? "rows" : "others", "0", SMALL);
            if (i % 3 == 0) {
                connection.send("1\n2\n");
            }
            connection.abort();
        }
        awaitPlacesTaken(0);
        assertThat(gauge("bytes")).isZero();
        client.batch("rows", "0", 0, "1").isWritten("committed");
        client.batch("others", "0", 0, "1").isWritten("committed");
    }

    @Test
    void letsOtherSinksInWhileTheTargetOfOneIsStuck() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        List<CompletableFuture<Answer>> stuck = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stuck.add(client.postAsync(partition("hook", "" + i), JSON, Client.dense(0, "1")));
        }
        await().until(() -> stuck.stream().filter(CompletableFuture::isDone).count() == 6);
        awaitPlacesTaken(4);
        client.batch("rows", "0", 0, "1").isWritten("committed");
        client.batch("others", "0", 0, "1").isWritten("committed");
        receiver.release();
        assertThat(stuck)
                .extracting(answer -> answer.join().status())
                .containsOnly(200, 429)
                .filteredOn(status -> status == 200)
                .hasSize(4);
        awaitPlacesTaken(0);
    }

    @Test
    void tellsABusyPartitionBeforeTheBodyIsReadAndKeepsTheConnection() throws IOException {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        CompletableFuture<Answer> sent = client.postAsync(partition("hook", "0"), JSON, Client.dense(0, "1"));
        await().until(() -> receiver.requests().size() == 1);
        CompletableFuture<Answer> waiting = client.postAsync(partition("hook", "0"), JSON, Client.dense(1, "1"));
        await().until(() -> service.bean(Lanes.class).waiting() == 1);
        RawConnection third = connect();
        assertThat(third.head("hook", "0", "Content-Length: 2\r\n").answer())
                .startsWith("HTTP/1.1 429")
                .contains("Retry-After: ", "/problems/busy", "sluice.lanes.max-waiting")
                .doesNotContain("Connection: close");
        third.send("1\n").head("rows", "0", "Content-Length: 2\r\n").send("1\n");
        assertThat(third.answer()).startsWith("HTTP/1.1 200");
        receiver.release();
        assertThat(sent.join().status()).isEqualTo(200);
        assertThat(waiting.join().status()).isEqualTo(200);
    }

    @Test
    void refusesBodiesThatAreTooLargeTogether() throws IOException {
        connect().head("rows", "0", "Content-Length: 60000000\r\n");
        awaitPlacesTaken(1);
        assertThat(connect().head("rows", "1", LARGE).answer())
                .startsWith("HTTP/1.1 503")
                .contains("Retry-After: ", "/problems/overloaded", "sluice.admission.max-bytes");
        assertThat(connect()
                        .head("others", "0", "Content-Length: 40000000\r\nExpect: 100-continue\r\n")
                        .answer())
                .startsWith("HTTP/1.1 100");
        assertThat(connect().head("rows", "1", "Content-Length: 200000000\r\n").answer())
                .startsWith("HTTP/1.1 413")
                .contains("/problems/too-large", "sluice.admission.max-bytes");
    }
}
