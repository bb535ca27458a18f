package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.http.Reply.Manner;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TooLargeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in every form that HTTP/1.1 allows, and in some that it does not. */
class HttpSinkWireIT {

    private final Receiver receiver = Receiver.ignoringKeys();
    private final Sending sending = new Sending("url=" + receiver.url("/in"), "max-attempts=1", "timeout=5s");

    @AfterEach
    void close() {
        receiver.close();
    }

    private static String crLf(String text) {
        return text.replace("#", "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK#Content-Length: 0##",
                "HTTP/1.1 200 #content-length:   0   ##",
                "HTTP/1.1 200#CONTENT-LENGTH:0##",
                "HTTP/1.1 204 No Content##",
                "HTTP/1.1 204 No Content#Connection: keep-alive##",
                "HTTP/1.1 205 Reset Content#Content-Length: 0##",
                "HTTP/1.1 201 Created#Transfer-Encoding: chunked##2#{}#0##",
                "HTTP/1.1 200 OK#transfer-encoding: Chunked##2;name=value#{}#0#X-Trailer: yes##",
                "HTTP/1.1 200 OK#X-Folded: one#  two#Content-Length: 2##{}",
                "HTTP/1.1 100 Continue##HTTP/1.1 200 OK#Content-Length: 0##",
                "HTTP/1.1 102 Processing##HTTP/1.1 102 Processing##HTTP/1.1 200 OK#Content-Length: 0##",
                "HTTP/1.1 103 Early Hints#Link: </a>; rel=preload##HTTP/1.1 202 Accepted#Content-Length: 0##",
                "HTTP/1.1 199 Whatever##HTTP/1.1 200 OK#Content-Length: 0##"
            })
    void understandsASuccessAndKeepsTheConnection(String answer) {
        receiver.answers(Reply.raw(false, crLf(answer)));
        sending.sendOne();
        sending.sendOne();
        assertThat(receiver.effects()).hasSize(2);
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK##",
                "HTTP/1.1 200 OK##a body that ends with the connection",
                "HTTP/1.1 200 OK#Connection: Close#Content-Length: 2##{}",
                "HTTP/1.0 200 OK##{}",
                "HTTP/1.0 200 OK#Content-Length: 2##{}",
                "HTTP/1.1 200 OK#Content-Encoding: gzip#Content-Length: 2##{}",
                "HTTP/1.1 200 OK#Content-Encoding: br##nonsense",
                "HTTP/1.1 200 OK#Set-Cookie: nonsense; expires=never#Content-Length: 0##",
                "HTTP/1.1 200 OK#Content-Type: no/such/thing; charset=klingon#Content-Length: 0##"
            })
    void understandsASuccessAndMakesAnotherConnection(String answer) {
        receiver.answers(Reply.raw(true, crLf(answer)));
        sending.sendOne();
        new Sending("url=" + receiver.url("/in")).sendOne();
        assertThat(receiver.requests().get(1).headers()).doesNotContainKey("Cookie");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1",
                "HTTP/1.1 100 Continue##",
                "SSH-2.0-OpenSSH##",
                "HTTP/1.1 20 OK##",
                "HTTP/1.1 200 OK#Content-Le"
            })
    void doesNotKnowTheOutcomeWhereTheAnswerIsNone(String answer) {
        receiver.answers(Reply.raw(true, crLf(answer)));
        assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void takesNoChangeOfTheProtocolForASuccess() {
        receiver.answers(Reply.raw(true, crLf("HTTP/1.1 101 Switching Protocols#Upgrade: h2c#Connection: Upgrade##")));
        assertThat(sending.failToSendOne().disposition()).isIn(Disposition.BROKEN, Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void hearsARefusalThatComesBeforeAllIsSent() {
        receiver.answers(Reply.of(413).sent(Manner.EARLY).body("limit 1 MB"));
        SinkRecord large = record(7, "\"" + "x".repeat(8_000_000) + "\"");
        assertThat(catchThrowableOfType(SinkException.class, () -> sending.send(7, 9, large, record(8, "1"))))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("limit 1 MB");
    }

    @Test
    void isNotMisledByATimeoutThatTheTargetTellsAnIdleConnection() {
        receiver.answers(Reply.raw(
                true, crLf("HTTP/1.1 200 OK#Content-Length: 0##HTTP/1.1 408 Request Timeout#Connection: close##")));
        Sending patient = new Sending("url=" + receiver.url("/in"), "max-attempts=3");
        patient.sendOne();
        patient.sendOne();
        assertThat(receiver.effects()).hasSize(2);
    }

    @Test
    void shakesHandsInVainAndKnowsThatNothingWasSent() {
        Sending secure = new Sending("url=" + receiver.url("/in").replace("http:", "https:"), "max-attempts=1");
        assertThat(secure.failToSendOne().disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void knowsThatNothingWasSentWhereNobodyTakesTheConnection() throws IOException {
        // A backlog that is full, so that the handshake of TCP is never done.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket one = new Socket();
                Socket two = new Socket();
                Socket three = new Socket()) {
            fill(deaf, one, two, three);
            SinkException failure = new Sending(
                            "url=http://127.0.0.1:" + deaf.getLocalPort() + "/in",
                            "max-attempts=1",
                            "connect-timeout=300ms")
                    .failToSendOne();
            assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("300 ms");
        }
    }

    private static void fill(ServerSocket deaf, Socket... sockets) {
        try {
            for (Socket socket : sockets) {
                socket.connect(deaf.getLocalSocketAddress(), 200);
            }
        } catch (IOException e) {
            // full
        }
    }

    @Test
    void givesUpAnAnswerThatStaysInterim() {
        receiver.answersAlways(Reply.raw(false, crLf("HTTP/1.1 100 Continue##")));
        Sending hasty = new Sending("url=" + receiver.url("/in"), "max-attempts=1", "timeout=300ms");
        assertThat(hasty.failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }
}
