package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.http.Receiver.Request;
import dev.sluice.http.Reply.Manner;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.TooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The envelope for another Sluice. */
class DownstreamSluiceIT {

    private final Receiver receiver = Receiver.ignoringKeys();

    @AfterEach
    void close() {
        receiver.close();
    }

    private Sending sending(String... settings) {
        String[] all = new String[settings.length + 2];
        all[0] = "url=" + receiver.url("/sinks/events/partitions/{partition}");
        all[1] = "envelope=sluice";
        System.arraycopy(settings, 0, all, 2, settings.length);
        return new Sending(all);
    }

    private static Reply written(long nextOffset) {
        return Reply.of(200).body("{\"status\":\"committed\",\"nextOffset\":" + nextOffset + "}");
    }

    private static Reply problem(int status, String name, String more) {
        return Reply.of(status)
                .header("Content-Type", "application/problem+json")
                .body("{\"type\":\"/problems/" + name + "\",\"detail\":\"the detail\"" + more + "}");
    }

    @Test
    void speaksTheProtocol() {
        receiver.answers(written(9), written(20), written(30));
        Sending sending = sending();
        sending.send(7, 9, record(7, "1"), record(8, "{\"a\": 2}"));
        sending.send(9, 20, record(10, "1"), record(12, "2"));
        sending.send(20, 30);
        sending.send(30, 30);
        assertThat(receiver.requests())
                .extracting(Request::body)
                .containsExactly(
                        "{\"offset\":7,\"records\":[1,{\"a\": 2}]}",
                        "{\"first\":9,\"end\":20,\"offsets\":[10,12],\"records\":[1,2]}",
                        "{\"first\":20,\"end\":30,\"offsets\":[],\"records\":[]}");
        assertThat(receiver.requests()).extracting(Request::target).containsOnly("/sinks/events/partitions/p%3A1");
        assertThat(receiver.requests())
                .extracting(r -> r.header("Content-Type"))
                .containsOnly("application/json");
    }

    @Test
    void takesNoPageThatSaysYesToEverythingForADelivery() {
        receiver.answers(Reply.of(200).body("<html>welcome</html>"));
        SinkException failure = sending().failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
        assertThat(failure).hasMessageContaining("not as a partition of Sluice does");
    }

    @Test
    void takesNoPositionBelowTheBatchForADelivery() {
        receiver.answers(written(7));
        SinkException failure = sending().failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
        assertThat(failure).hasMessageContaining("nextOffset is 7 where at least 8");
    }

    @Test
    void asksAgainWhenTheAnswerWasCutOff() {
        receiver.answers(Reply.of(200).body("{\"nextOff").sent(Manner.CUT), written(8));
        sending().sendOne();
        assertThat(receiver.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "409, offset-gap",
        "422, offset-conflict",
        "412, fenced",
        "412, unknown-fencing-token",
        "428, fencing-token-required",
        "404, unknown-partition",
        "400, malformed-request"
    })
    void blamesNoRecordWhereTheOtherStandsElsewhere(int status, String name) {
        receiver.answers(problem(status, name, ""));
        SinkException failure = sending().failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
        assertThat(failure).hasMessageContaining(Integer.toString(status)).hasMessageContaining("the detail");
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void passesOnWhichRecordsTheOtherRefuses() {
        receiver.answers(problem(
                422,
                "record-rejected",
                ",\"rejected\":[{\"offset\":8,\"field\":\"data\",\"code\":\"22P02\",\"message\":\"bad\",\"hint\":\"mend\"},"
                        + "{\"offset\":9,\"field\":null,\"code\":\"23505\",\"message\":\"twice\",\"hint\":null},"
                        + "{\"offset\":77}]"));
        SinkException failure = catchThrowableOfType(
                SinkException.class, () -> sending().send(7, 10, record(7, "1"), record(8, "2"), record(9, "3")));
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(failure.rejected())
                .containsExactly(
                        new RejectedRecord(8, "data", "22P02", "bad", "mend"),
                        new RejectedRecord(9, null, "23505", "twice", null));
    }

    @Test
    void understandsARejectionThatCannotBeRead() {
        receiver.answers(problem(422, "record-rejected", ""), Reply.of(413));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
    }

    @Test
    void namesTheRecordThatTheOtherFindsMalformedOrTooLarge() {
        receiver.answers(
                problem(400, "malformed-batch", ",\"index\":1,\"offset\":8"),
                problem(413, "too-large", ",\"index\":1,\"offset\":8"));
        for (int i = 0; i < 2; i++) {
            SinkException failure = catchThrowableOfType(
                    SinkException.class, () -> sending().send(7, 9, record(7, "1"), record(8, "2")));
            assertThat(failure.disposition()).isEqualTo(Disposition.REJECTED);
            assertThat(failure.rejected()).extracting(RejectedRecord::offset).containsExactly(8L);
        }
    }

    @Test
    void wantsSmallerBatchesWhereTheOtherBlamesNoRecord() {
        receiver.answers(problem(413, "too-large", ""), Reply.of(413));
        for (int i = 0; i < 2; i++) {
            assertThat(catchThrowableOfType(
                            SinkException.class, () -> sending().send(7, 9, record(7, "1"), record(8, "2"))))
                    .isInstanceOf(TooLargeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 407})
    void waitsForSomebodyToPutRightWhatStandsInFrontOfTheOther(int status) {
        receiver.answers(Reply.of(status).body("<html>no</html>"));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 405, 415, 421, 422})
    void blamesNoRecordWhereSomethingElseThanAPartitionAnswers(int status) {
        receiver.answers(Reply.of(status).body("<html>no</html>"));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.BROKEN);
    }

    @Test
    void believesTheOtherThatNothingOfAnEarlierTryIsThere() {
        receiver.answers(
                Reply.of(502), problem(422, "record-rejected", ",\"rejected\":[{\"offset\":7,\"message\":\"bad\"}]"));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
    }

    @ParameterizedTest
    @CsvSource({
        "503, outcome-unknown, OUTCOME_UNKNOWN",
        "503, storage-unavailable, UNAVAILABLE",
        "429, busy, UNAVAILABLE",
        "500, internal-error, OUTCOME_UNKNOWN"
    })
    void triesAgainWhatTheOtherCallsRetryable(int status, String name, Disposition atLast) {
        receiver.answersAlways(problem(status, name, ",\"retryable\":true"));
        assertThat(sending("max-attempts=2").failToSendOne().disposition()).isEqualTo(atLast);
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void doesNotTryAgainWhatTheOtherCallsHopeless() {
        receiver.answers(problem(500, "target-broken", ",\"retryable\":false"));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.BROKEN);
        assertThat(receiver.requests()).hasSize(1);
    }
}
