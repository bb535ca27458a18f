package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver.Request;
import dev.sluice.http.Reply.Manner;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When it tries again, when it stops, and what it says then. */
class HttpSinkRetriesIT {

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

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void neverReturnsWithoutHavingDelivered() {
        receiver.answersAlways(Reply.of(429));
        SinkException failure = sending("max-attempts=3").failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(failure)
                .hasMessageContaining("orders/p:1 7 to 7")
                .hasMessageContaining(receiver.url("/in"))
                .hasMessageContaining("3 tries")
                .hasMessageContaining("429");
        assertThat(receiver.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void takesAnySuccessForOneAndDoesNotRepeatIt(int status) {
        receiver.answers(Reply.of(status));
        sending().sendOne();
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void triesAgainWhatMayPass(int status) {
        receiver.answers(Reply.of(status));
        sending().sendOne();
        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.effects()).hasSize(1);
    }

    @Test
    void sendsTheSameInEachTry() {
        receiver.answers(Reply.of(500), Reply.reset(false), Reply.of(503));
        sending().sendOne();
        assertThat(receiver.requests()).hasSize(4);
        assertThat(receiver.requests())
                .extracting(r -> r.header("Idempotency-Key"))
                .containsOnly("orders/p:1/7-8");
        assertThat(receiver.requests()).extracting(Request::body).containsOnly("{\"events\":[{\"a\":1}]}");
    }

    @ParameterizedTest
    @CsvSource({"1,200,400,800,1000", "0.5,100,200,400,500", "0,0,0,0,0"})
    void waitsLongerEachTimeAndBySomeChance(double random, long first, long second, long third, long fourth) {
        receiver.answers(Reply.of(503), Reply.of(503), Reply.of(503), Reply.of(503));
        Sending sending = sending("max-backoff=1s");
        sending.random = random;
        sending.sendOne();
        assertThat(sending.waits).containsExactly(millis(first), millis(second), millis(third), millis(fourth));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    7                             | 7000
                    Sun, 22 Nov 2026 10:00:09 GMT | 9000
                    0                             | 200
                    -5                            | 200
                    Sun, 22 Nov 2026 09:00:00 GMT | 200
                    Sunday, 22-Nov-26 10:00:09 GMT | 9000
                    Sun Nov 22 10:00:09 2026       | 9000
                    sun, 22 nov 2026 10:00:09 gmt  | 9000
                    Sunday, 06-Nov-94 08:49:37 GMT | 200
                    Sun Nov  6 08:49:37 1994       | 200
                    120, 7                         | 120000
                    0120                           | 120000
                    soon                          | 200
                    Sun, 32 Nov 2026 10:00:09 GMT | 200
                    1.5                           | 200
                    """)
    void waitsAsLongAsTheTargetAsksFor(String retryAfter, long expected) {
        receiver.answers(Reply.of(429).header("Retry-After", retryAfter));
        Sending sending = sending("deadline=1h");
        sending.sendOne();
        assertThat(sending.waits).containsExactly(millis(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Tue, 01 Jan 2030 10:00:00 GMT | Tue, 01 Jan 2030 10:00:09 GMT
                    Tue, 01 Jan 2030 10:00:00 GMT | Tue Jan  1 10:00:09 2030
                    Tuesday, 01-Jan-30 10:00:00 GMT | Tuesday, 01-Jan-30 10:00:09 GMT
                    yesterday                     | Sun, 22 Nov 2026 10:00:09 GMT
                    """)
    void readsADateByTheClockOfTheTarget(String date, String retryAfter) {
        receiver.answers(Reply.of(503).header("Date", date).header("retry-after", "  " + retryAfter + " "));
        Sending sending = sending();
        sending.sendOne();
        assertThat(sending.waits).containsExactly(millis(9000));
    }

    @Test
    void waitsAsLongAsTheLongestOfSeveralWishes() {
        receiver.answers(Reply.of(503)
                .header("Retry-After", "3")
                .header("RETRY-AFTER", "nonsense")
                .header("Retry-After", "9"));
        Sending sending = sending();
        sending.sendOne();
        assertThat(sending.waits).containsExactly(millis(9000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"121", "120", "99999999999999999999999", "Mon, 23 Nov 2026 10:00:00 GMT"})
    void stopsAtOnceWhenTheNextTryWouldComeTooLate(String retryAfter) {
        receiver.answersAlways(Reply.of(503).header("Retry-After", retryAfter));
        Sending sending = sending("deadline=2m");
        SinkException failure = sending.failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(failure.retryAfter()).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
        assertThat(sending.waits).isEmpty();
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void stopsAtTheDeadlineEvenIfTriesAreLeft() {
        receiver.answersAlways(Reply.of(503));
        Sending sending = sending("deadline=1s", "max-attempts=100");
        sending.failToSendOne();
        assertThat(sending.waits).containsExactly(millis(200), millis(400));
        assertThat(receiver.requests()).hasSize(3);
    }

    @Test
    void makesNoTryAfterTheDeadlineWhenItHasSleptTooLong() {
        receiver.answersAlways(Reply.of(503));
        Sending sending = sending("deadline=1s");
        sending.oversleeping = Duration.ofSeconds(2);
        assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void tellsTheLastWishOfTheTargetAboutComingBack() {
        receiver.answers(Reply.of(429).header("Retry-After", "3"), Reply.of(503));
        assertThat(sending("max-attempts=2").failToSendOne().retryAfter()).isEqualTo(Duration.ofSeconds(3));
        receiver.answers(Reply.of(503));
        assertThat(sending("max-attempts=1").failToSendOne().retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void doesNotKnowTheOutcomeOnceATryMayHaveBeenProcessed(int status) {
        receiver.answers(Reply.of(status), Reply.of(429), Reply.of(503));
        assertThat(sending("max-attempts=3").failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void doesNotKnowTheOutcomeAfterAReset() {
        receiver.answers(Reply.resetEarly(), Reply.of(503));
        assertThat(sending("max-attempts=2").failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        receiver.answers(Reply.reset(true));
        assertThat(sending("max-attempts=1").failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void doesNotKnowTheOutcomeWhenNoAnswerComesInTime() {
        receiver.answers(Reply.ok().sent(Manner.LATE));
        SinkException failure = sending("max-attempts=1", "timeout=300ms").failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(failure).hasMessageContaining("300 ms");
    }

    @Test
    void knowsThatNothingArrivedWhereNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Sending sending = new Sending("url=http://127.0.0.1:" + port + "/in", "max-attempts=2");
        assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(sending.waits).hasSize(1);
    }

    @Test
    void knowsThatNothingArrivedAtAHostThatDoesNotExist() {
        SinkException failure = new Sending("url=http://nowhere.invalid/in", "max-attempts=1").failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("host name");
    }

    @Test
    void isDeliveredOnceWhereTheTargetHonoursTheKey() {
        try (Receiver honouring = Receiver.honouringKeys()) {
            honouring.answers(Reply.reset(true));
            new Sending("url=" + honouring.url("/")).sendOne();
            assertThat(honouring.effects()).hasSize(1);
            assertThat(honouring.repeated()).isEqualTo(1);
        }
    }

    @Test
    void isDeliveredMoreThanOnceWhereItDoesNot() {
        receiver.answers(Reply.reset(true));
        sending().sendOne();
        assertThat(receiver.effects()).hasSize(2);
        assertThat(receiver.repeated()).isEqualTo(1);
    }

    @Test
    void stopsWaitingForTheNextTryWhenItIsInterrupted() {
        receiver.answersAlways(Reply.of(503));
        Sending sending = sending();
        sending.pausesEnd = false;
        sending.atPause = Thread.currentThread()::interrupt;
        SinkException failure = sending.failToSendOne();
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void stopsWaitingForTheAnswerWhenItIsInterrupted() {
        receiver.answersAlways(Reply.ok().sent(Manner.LATE));
        CompletableFuture<SinkException> failure = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            failure.complete(sending().failToSendOne());
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        sender.start();
        await().until(() -> receiver.requests().size() == 1);
        sender.interrupt();
        assertThat(failure.join().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(interrupted.join()).as("still interrupted").isTrue();
    }
}
