package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSinkBreakerIT {

    private final Receiver receiver = Receiver.ignoringKeys();
    private Sending sending;

    @BeforeEach
    void configure() {
        sending = new Sending("url=" + receiver.url("/in"), "max-attempts=1", "breaker-failures=3", "breaker-wait=10s");
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private void open() {
        receiver.answersAlways(Reply.of(503));
        for (int i = 0; i < 3; i++) {
            assertThat(sending.failToSendOne()).hasMessageContaining("503");
        }
    }

    @Test
    void sparesATargetThatFailsAgainAndAgain() {
        open();
        sending.pass(Duration.ofSeconds(4));
        SinkException failure = sending.failToSendOne();
        assertThat(receiver.requests()).hasSize(3);
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(6));
        assertThat(failure).hasMessageContaining("circuit breaker").hasMessageContaining("503");
    }

    @Test
    void isSeenToBeOpen() {
        assertThat(sending.sink().status()).containsOnlyKeys("circuitBreaker").containsValue("closed");
        open();
        assertThat(sending.sink().status())
                .containsEntry("circuitBreaker", "open")
                .containsEntry("openUntil", Sending.START.plusSeconds(10).toString())
                .containsEntry("lastFailure", Sending.START + " it answered 503");
        assertThatExceptionOfType(SinkException.class)
                .isThrownBy(() -> sending.sink().verify())
                .extracting(SinkException::disposition)
                .isEqualTo(Disposition.UNAVAILABLE);
    }

    @Test
    void isNotCalledOpenOnceATryMayBeMade() {
        open();
        sending.pass(Duration.ofMillis(10_001));
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "half-open");
        assertThatNoException().isThrownBy(() -> sending.sink().verify());
    }

    @Test
    void closesWhenTheNextTrySucceeds() {
        open();
        sending.pass(Duration.ofMillis(10_001));
        receiver.answersAlways(Reply.ok());
        sending.sendOne();
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "closed");
    }

    @Test
    void opensAgainWhenTheNextTryFails() {
        open();
        sending.pass(Duration.ofMillis(10_001));
        assertThat(sending.failToSendOne()).hasMessageContaining("it answered 503");
        assertThat(sending.failToSendOne()).hasMessageContaining("circuit breaker");
        assertThat(receiver.requests()).hasSize(4);
        assertThat(sending.sink().status())
                .containsEntry("openUntil", Sending.START.plusMillis(20_001).toString());
    }

    @Test
    void opensInTheMiddleOfTheTriesOfABatch() {
        receiver.answers(Reply.of(500)).answersAlways(Reply.of(503));
        sending = new Sending("url=" + receiver.url("/in"), "breaker-failures=2");
        SinkException failure = sending.failToSendOne();
        assertThat(receiver.requests()).hasSize(2);
        assertThat(failure.disposition()).as("the 500 may have been processed").isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void staysClosedWhereTheTargetRefusesRecords() {
        receiver.answersAlways(Reply.of(400));
        for (int i = 0; i < 9; i++) {
            assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
        }
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "closed");
    }

    @Test
    void startsToCountAnewWithEachSuccess() {
        for (int i = 0; i < 4; i++) {
            receiver.answers(Reply.of(503), Reply.of(503), Reply.ok());
            sending.failToSendOne();
            sending.failToSendOne();
            sending.sendOne();
        }
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "closed");
    }
}
