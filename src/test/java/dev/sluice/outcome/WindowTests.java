package dev.sluice.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class WindowTests {

    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Fault AWAY = new Fault("target-unavailable", "gone fishing");
    private static final Fault BROKEN = new Fault("target-broken", "not what it was");

    private final Window window = new Window("Sink s", Duration.ofSeconds(5));

    @Test
    void failsForLongOnlyAfterAWhileOfNothingElse() {
        window.succeeded("0", at(0));
        window.failed("0", at(1), AWAY);
        assertThat(window.state(at(5)).lasting()).isFalse();
        assertThat(window.state(at(6)).lasting()).isTrue();
        assertThat(window.state(at(6)).failingSince()).isEqualTo(at(1));
        assertThat(window.state(at(6)).lastSuccess()).isEqualTo(at(0));
        window.failed("1", at(7), AWAY);
        window.succeeded("2", at(8));
        assertThat(window.state(at(8)).lasting()).isFalse();
        assertThat(window.state(at(8)).failures()).isZero();
    }

    @Test
    void leavesOutWhatFailedBeforeAllRecoveredUntilItFailsAgain() {
        window.failed("0", at(0), AWAY);
        window.failed("1", at(0), BROKEN);
        window.succeeded("2", at(10));
        assertThat(window.state(at(20)).failingPartitions())
                .extracting(SinkOutcome.FailingPartition::partition)
                .containsExactly("1");
        window.failed("0", at(21), AWAY);
        window.succeeded("2", at(21));
        assertThat(window.state(at(22)).failingPartitions())
                .extracting(SinkOutcome.FailingPartition::partition, SinkOutcome.FailingPartition::since)
                .contains(tuple("0", at(0)));
    }

    @Test
    void forgetsAPartitionThatNobodyTriesUnlessSomebodyHasToLookAtIt() {
        window.failed("0", at(0), AWAY);
        window.failed("1", at(0), BROKEN);
        window.succeeded("2", at(1));
        window.look(at(700));
        assertThat(window.state(at(700)).failingPartitions())
                .extracting(SinkOutcome.FailingPartition::partition)
                .containsExactly("1");
    }

    @Test
    void namesSomeOfVeryManyAndCountsTheOthers(CapturedOutput output) {
        for (int i = 0; i < 100_000; i++) {
            window.failed("p" + i, at(i % 3), AWAY);
            window.failed("p" + i, at(3), AWAY);
        }
        SinkOutcome all = window.state(at(10));
        assertThat(all.failingPartitions()).hasSize(Window.MOST_NAMED);
        assertThat(all.failingPartitionCount()).isEqualTo(100_000);
        assertThat(all.failures()).isEqualTo(200_000);
        window.look(at(10));
        window.look(at(11));
        assertThat(output.getOut().lines()).hasSize(1);
        assertThat(output).contains("in 100000 partitions [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9] ...");

        window.succeeded("p1", at(12));
        assertThat(window.state(at(12)).failingPartitionCount()).isZero();
        for (int i = 2; i < 100_000; i++) {
            window.failed("p" + i, at(13), AWAY);
            window.succeeded("p1", at(13));
        }
        window.look(at(20));
        window.look(at(21));
        assertThat(output.getOut().lines().filter(line -> line.contains("has been failing")))
                .hasSize(10);
        assertThat(output).contains("Further partitions are not logged");
        assertThat(window.state(at(20)).failingPartitionCount()).isEqualTo(99_998);
        for (int i = 0; i < 100_000; i++) {
            window.succeeded("p" + i, at(22));
        }
        assertThat(window.state(at(40))).isEqualTo(new SinkOutcome(false, null, 0, null, null, at(22), List.of(), 0));
    }

    @Test
    void forgetsWhatNobodyTriesAnyMoreSoThatItDoesNotStayDownForThatReason(CapturedOutput output) {
        window.failed("0", at(0), AWAY);
        window.look(at(10));
        assertThat(window.state(at(290)).lasting()).isTrue();
        window.look(at(301));
        assertThat(window.state(at(301)).lasting()).isFalse();
        assertThat(output.getOut().lines()).hasSize(2);
        assertThat(output).contains("has not been tried for 5 minutes");
    }

    @Test
    void saysNothingOfWhatPasses(CapturedOutput output) {
        window.failed("0", at(0), AWAY);
        window.look(at(4));
        window.succeeded("0", at(4));
        window.look(at(30));
        assertThat(output).isEmpty();
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
