package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Receiver.Request;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes out. */
class HttpSinkRequestsIT {

    private final Receiver receiver = Receiver.ignoringKeys();

    @AfterEach
    void close() {
        receiver.close();
    }

    private Sending sending(String... settings) {
        String[] all = new String[settings.length + 1];
        all[0] = "url=" + receiver.url("/in");
        System.arraycopy(settings, 0, all, 1, settings.length);
        return new Sending(all);
    }

    private Request only() {
        assertThat(receiver.requests()).hasSize(1);
        return receiver.requests().get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    events | application/json     | {"events":[{"a": "é"},2]}
                    array  | application/json     | [{"a": "é"},2]
                    ndjson | application/x-ndjson | {"a": "é"}#2#
                    """)
    void sendsTheRecordsInTheirEnvelope(String envelope, String contentType, String body) {
        sending("envelope=" + envelope).send(7, 10, record(7, "{\"a\": \"é\"}"), record(9, "2"));
        assertThat(only().method()).isEqualTo("POST");
        assertThat(only().target()).isEqualTo("/in");
        assertThat(only().header("Content-Type")).isEqualTo(contentType);
        assertThat(only().body()).isEqualTo(body.replace('#', '\n'));
    }

    @Test
    void sendsAKeyMadeOfTheOffsetsAndNothingThatTellsOfTheMachine() {
        sending().send(7, 10, record(7, "1"));
        assertThat(only().header("Idempotency-Key")).isEqualTo("orders/p:1/7-10");
        assertThat(only().header("User-Agent")).startsWith("Sluice");
        assertThat(only().headers().keySet())
                .containsOnly("Content-Length", "Host", "Content-Type", "Idempotency-Key", "User-Agent");
    }

    @Test
    void keepsARecordOnItsLine() {
        sending("envelope=ndjson").send(0, 1, record(0, "[1,\r\n2]"));
        assertThat(only().body()).isEqualTo("[1,  2]\n");
    }

    @Test
    void usesTheMethodThatIsConfigured() {
        sending("method=patch").sendOne();
        assertThat(only().method()).isEqualTo("PATCH");
    }

    @Test
    void writesTheRangeFromTheFirstToTheLastRecord() {
        sending().partition().writeBatch(List.of(record(3, "1"), record(5, "2")));
        assertThat(only().header("Idempotency-Key")).isEqualTo("orders/p:1/3-6");
    }

    @Test
    void sendsNothingForNoRecords() {
        Sending sending = sending();
        sending.send(3, 9);
        sending.partition().writeBatch(List.of());
        sending.workers().build("orders", 0, 1).writeBatch(List.of());
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void sendsALargeBatchWhole() {
        SinkRecord[] records = new SinkRecord[3000];
        for (int i = 0; i < records.length; i++) {
            records[i] = record(i, "\"" + "x".repeat(1000) + "\"");
        }
        sending("envelope=ndjson").send(0, records.length, records);
        assertThat(only().body()).hasSize(3000 * 1003);
    }

    @Test
    void namesThePartitionWhereTheUrlAsksForIt() {
        Sending sending = new Sending("url=" + receiver.url("/in/{partition}/x?p={partition}"));
        sending.sendOne();
        assertThat(only().target()).isEqualTo("/in/p%3A1/x?p=p%3A1");
    }

    @Test
    void usesOneConnectionForManyRequests() {
        receiver.answers(Reply.ok(), Reply.of(201), Reply.of(204));
        Sending sending = sending();
        sending.sendOne();
        sending.sendOne();
        sending.sendOne();
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @Test
    void sendsHeadersFromTheConfigurationAndFromFilesAsTheyAreNow(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "Bearer first\r\n");
        Sending sending = sending("headers.X-Tenant=acme", "header-files.Authorization=" + file);
        sending.sendOne();
        Files.writeString(file, "Bearer second\n");
        sending.sendOne();
        assertThat(receiver.requests()).extracting(r -> r.header("X-Tenant")).containsExactly("acme", "acme");
        assertThat(receiver.requests())
                .extracting(r -> r.header("Authorization"))
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void tellsWhichFileHasNoUsableHeaderButNotWhatItHas(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("token");
        Sending sending = sending("header-files.Authorization=" + file);
        SinkException missing = sending.failToSendOne();
        assertThat(missing.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(missing).hasMessageContaining(file.toString()).hasMessageContaining("Authorization");
        Files.writeString(file, "hush\nhush");
        assertThat(sending.failToSendOne())
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("hush")
                .extracting(SinkException::disposition)
                .isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).isEmpty();
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "closed");
    }

    @Test
    void givesEachCallOfAWorkerAKeyOfItsOwnForAllItsTries() {
        receiver.answers(Reply.of(503), Reply.ok(), Reply.ok());
        HttpDynamicSink workers = sending("envelope=array").workers();
        for (String json : List.of("1", "2")) {
            workers.build("orders", 0, 2).writeBatch(List.of(record(0, json)));
        }
        List<String> keys = receiver.requests().stream()
                .map(request -> request.header("Idempotency-Key"))
                .toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2)).hasSize(36);
        assertThat(receiver.effects()).containsExactly("[1]", "[2]");
    }
}
