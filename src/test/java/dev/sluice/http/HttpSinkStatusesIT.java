package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.TooLargeException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault each status is, for one record and for several. */
class HttpSinkStatusesIT {

    private final Receiver receiver = Receiver.ignoringKeys();
    private final Sending sending = new Sending("url=" + receiver.url("/in"), "max-attempts=2", "breaker-failures=3");

    @AfterEach
    void close() {
        receiver.close();
    }

    private SinkException failToSendTwo() {
        return catchThrowableOfType(SinkException.class, () -> sending.send(7, 9, record(7, "1"), record(8, "2")));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 422})
    void blamesARecordOnlyForWhatMayBeItsFault(int status) {
        receiver.answersAlways(Reply.of(status));
        assertThat(sending.failToSendOne().rejected()).hasSize(1);
        SinkException several = failToSendTwo();
        assertThat(several.disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(several.rejected()).isEmpty();
        assertThat(receiver.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    401 | header-files
                    402 | quota
                    403 | the right to write
                    404 | Correct url
                    407 | proxy
                    424 | depends on
                    511 | did not reach
                    """)
    void waitsForSomebodyToPutTheTargetRight(int status, String advice) {
        receiver.answersAlways(Reply.of(status).body("go away"));
        for (SinkException failure : new SinkException[] {sending.failToSendOne(), failToSendTwo()}) {
            assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
            assertThat(failure)
                    .hasMessageContaining("answered " + status)
                    .hasMessageContaining(advice)
                    .hasMessageContaining("No record is to blame")
                    .hasMessageContaining("go away");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        }
        assertThat(receiver.requests()).as("no try that could lock an account").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    405 | Set method
                    406 | Accept
                    410 | Correct url
                    411 | Content-Length
                    412 | If-Match
                    414 | Shorten url
                    415 | Set envelope
                    416 | envelope
                    417 | envelope
                    418 | envelope
                    421 | Correct url
                    426 | Correct url
                    428 | If-Match
                    431 | header-files
                    444 | envelope
                    451 | envelope
                    499 | envelope
                    501 | Set method
                    505 | envelope
                    506 | envelope
                    508 | envelope
                    510 | envelope
                    600 | Correct url
                    999 | Correct url
                    """)
    void asksForAnotherDefinition(int status, String advice) {
        receiver.answersAlways(Reply.of(status));
        for (SinkException failure : new SinkException[] {sending.failToSendOne(), failToSendTwo()}) {
            assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
            assertThat(failure).hasMessageContaining("answered " + status).hasMessageContaining(advice);
        }
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void tellsWhichMethodsTheTargetTakes() {
        receiver.answers(Reply.of(405).header("Allow", "PUT, PATCH"));
        assertThat(sending.failToSendOne()).hasMessageContaining("PUT, PATCH");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 423, 425, 429, 503, 507})
    void knowsThatNothingHappenedWhereTheTargetIsNotAbleNow(int status) {
        receiver.answersAlways(Reply.of(status));
        assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504, 509, 520, 524, 530, 599})
    void doesNotKnowWhatHappenedWhereTheTargetFailed(int status) {
        receiver.answersAlways(Reply.of(status));
        assertThat(sending.failToSendOne().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(receiver.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 204, 205, 208, 226, 299})
    void takesASuccessForOne(int status) {
        receiver.answersAlways(Reply.of(status));
        assertThatNoException().isThrownBy(sending::sendOne);
    }

    @Test
    void wantsSmallerBatchesWhereSeveralRecordsAreTooMuch() {
        receiver.answersAlways(Reply.of(413).body("limit 1"));
        assertThat(failToSendTwo())
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("2 records")
                .hasMessageContaining("limit 1");
        SinkException alone = sending.failToSendOne();
        assertThat(alone.disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(alone.rejected().get(0).offset()).isEqualTo(7);
        receiver.answersAlways(Reply.of(413).header("Retry-After", "1"));
        assertThat(failToSendTwo().disposition()).as("for now").isEqualTo(Disposition.UNAVAILABLE);
    }

    @Test
    void isSeenToBeRefusedUntilTheTargetTakesSomething() {
        receiver.answers(Reply.of(401), Reply.of(401), Reply.of(401), Reply.of(401));
        for (int i = 0; i < 4; i++) {
            assertThat(sending.failToSendOne()).hasMessageContaining("answered 401");
        }
        assertThat(sending.sink().status()).containsEntry("circuitBreaker", "closed");
        assertThat(String.valueOf(sending.sink().status().get("refusal"))).contains("answered 401");
        assertThat(catchThrowableOfType(
                        SinkException.class, () -> sending.sink().verify()))
                .hasMessageContaining("answered 401");
        sending.sendOne();
        assertThatNoException().isThrownBy(() -> sending.sink().verify());
        assertThat(sending.sink().status()).doesNotContainKey("refusal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"status\":200},{\"status\":201}]",
                "{\"took\":3,\"items\":[{\"id\":1,\"statusCode\":204},{\"status_code\":200}]}"
            })
    void believesA207ThatTellsOfEachRecordThatItWasTaken(String body) {
        receiver.answers(Reply.of(207).body(body));
        sending.send(7, 9, record(7, "1"), record(8, "2"));
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    207 | [{"status":200},{"status":400}]                   | number 2 of 2 in the request, with status 400
                    207 | {"items":[{"status":401},{"status":503}]}         | number 1 of 2
                    207 | [{"status":200}]                                  | no list with a status for each
                    207 | [{"status":200},{"status":"ok"}]                  | no list with a status for each
                    207 | [{"status":200},{"status":200},{"status":200}]    | no list with a status for each
                    207 | {"errors":[],"items":[{"status":200},{"status":200}]} | no list with a status for each
                    207 | <multistatus/>                                    | no list with a status for each
                    206 | {"itemsReceived":2,"itemsAccepted":1}             | no list with a status for each
                    """)
    void believesNoAnswerThatTellsOfPartsOrOfNothing(int status, String body, String what) {
        receiver.answersAlways(Reply.of(status).body(body));
        SinkException failure = failToSendTwo();
        assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
        assertThat(failure).hasMessageContaining(what).hasMessageContaining("may have taken other records");
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void triesAgainWhereTheRecordsOfA207AreLackingOnlyForNow() {
        receiver.answers(Reply.of(207).body("[{\"status\":200},{\"status\":429}]"), Reply.ok());
        sending.send(7, 9, record(7, "1"), record(8, "2"));
        assertThat(receiver.requests()).hasSize(2);
        receiver.answersAlways(Reply.of(207).body("[{\"status\":200},{\"status\":503}]"));
        assertThat(failToSendTwo().disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }
}
