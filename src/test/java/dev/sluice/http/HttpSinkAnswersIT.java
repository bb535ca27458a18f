package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.http.Reply.Manner;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What it makes of an answer that is no reason to try again. */
class HttpSinkAnswersIT {

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

    @Test
    void rejectsTheRecordThatTheTargetRefuses() {
        receiver.answers(Reply.of(400).body("no\u001b[31m a\r\nhere"));
        SinkException failure = sending().failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECTED);
        RejectedRecord rejected = failure.rejected().get(0);
        assertThat(rejected.offset()).isEqualTo(7);
        assertThat(rejected.code()).isEqualTo("400");
        assertThat(rejected.message()).isEqualTo(receiver.url("/in") + " answered 400: no [31m a here");
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void doesNotBlameOneOfSeveralRecords() {
        receiver.answers(Reply.of(422).body("y".repeat(500)).sent(Manner.CHUNKED));
        SinkException failure =
                catchThrowableOfType(SinkException.class, () -> sending().send(7, 10, record(7, "1"), record(9, "2")));
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(failure.rejected()).isEmpty();
        assertThat(failure)
                .hasMessageContaining("orders/p:1 7 to 9, 2 records,")
                .hasMessageContaining("does not say which")
                .hasMessageContaining("answered 422: " + "y".repeat(200) + "…");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 409, 413, 415, 422})
    void doesNotSayThatNothingHappenedAfterATryThatMayHaveBeenProcessed(int status) {
        receiver.answers(Reply.of(500), Reply.of(status), Reply.of(status));
        Sending sending = sending();
        SinkException unknown = sending.failToSendOne();
        assertThat(unknown.disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(unknown).hasMessageContaining("earlier try").hasMessageContaining("answered " + status);
        assertThat(sending.failToSendOne().disposition()).isNotEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(receiver.requests()).hasSize(3);
    }

    @Test
    void takesAConflictForAnEarlierTryStillAtWorkOnlyWhereKeysAreHonoured() {
        receiver.answers(Reply.of(504), Reply.of(409));
        sending("target-honours-key=true").sendOne();
        assertThat(receiver.requests()).hasSize(3);
        receiver.answers(Reply.of(409));
        assertThat(sending().failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
        receiver.answersAlways(Reply.of(409)); // the earlier try may be one of a process that is gone
        assertThat(sending("target-honours-key=true").failToSendOne().disposition())
                .isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 305, 307, 308, 399})
    void followsNoRedirect(int status) {
        try (Receiver elsewhere = Receiver.ignoringKeys()) {
            receiver.answersAlways(Reply.of(status).header("Location", elsewhere.url("/private?signature=hush")));
            SinkException failure = sending().failToSendOne();
            assertThat(failure.disposition()).isEqualTo(Disposition.BROKEN);
            assertThat(failure)
                    .hasMessageContaining(Integer.toString(status))
                    .hasMessageContaining(elsewhere.url("/private"))
                    .hasMessageNotContaining("hush");
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void goesToNoPrivateAddressBecauseATargetSaysSo() {
        receiver.answers(Reply.redirect("http://169.254.169.254/latest/meta-data"));
        assertThat(sending().failToSendOne()).hasMessageContaining("169.254.169.254");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RESET", "RESET_EARLY", "LATE", "RAW", "RAW_CLOSED"},
            mode = Mode.EXCLUDE)
    void countsASuccessWhoseBodyIsOfNoUse(Manner manner) {
        receiver.answers(Reply.ok().sent(manner));
        sending("timeout=500ms").sendOne();
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RESET", "RESET_EARLY", "LATE", "RAW", "RAW_CLOSED"},
            mode = Mode.EXCLUDE)
    void countsARejectionWhoseBodyIsOfNoUse(Manner manner) {
        receiver.answers(Reply.of(400).sent(manner));
        assertThat(sending("timeout=500ms").failToSendOne().disposition()).isEqualTo(Disposition.REJECTED);
    }

    @Test
    void readsNoMoreOfAnAnswerThanItMay() {
        receiver.answers(Reply.of(200).sent(Manner.ENDLESS));
        sending("timeout=2s", "max-response=1KB").sendOne();
        // What the sockets' buffers took is sent, whether it is read or not.
        assertThat(receiver.sentBytes()).isLessThan(50_000_000);
        receiver.answers(Reply.of(400).body("too long"));
        assertThat(sending("max-response=3B").failToSendOne()).hasMessageEndingWith("answered 400: too");
    }

    @Test
    void showsNoSecretThatTheTargetRepeats() {
        String echo = "got Bearer s3cr3t-t0ken and s3cr3t-t0ken for key=qu3ry-key (qu3ry-key)";
        Sending sending = new Sending(
                "url=" + receiver.url("/in?key=qu3ry-key"),
                "headers.Authorization=Bearer s3cr3t-t0ken",
                "max-attempts=1",
                "breaker-failures=1");
        receiver.answers(
                Reply.of(400).body(echo),
                Reply.redirect("http://x/s3cr3t-t0ken"),
                Reply.of(500).body(echo));
        SinkException rejected = sending.failToSendOne();
        SinkException redirected = sending.failToSendOne();
        SinkException unknown = sending.failToSendOne();
        SinkException spared = sending.failToSendOne();
        SinkException down =
                catchThrowableOfType(SinkException.class, () -> sending.sink().verify());
        assertThat(rejected).hasMessageContaining("got ***");
        assertThat(unknown).hasMessageContaining("got ***");
        assertThat(new Object[] {
                    rejected,
                    rejected.rejected(),
                    redirected,
                    unknown,
                    spared,
                    down,
                    sending.sink().status()
                })
                .allSatisfy(shown -> assertThat(shown.toString()).doesNotContain("t0ken", "qu3ry"));
    }
}
