package dev.sluice.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admission.Entry.Refused;
import dev.sluice.meter.Meters;
import dev.sluice.meter.SinkTags;
import dev.sluice.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Places are taken, lost and given back; never twice. */
class AdmissionTests {

    private static final long KB = 1 << 10;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Admission admission = new Admission(
            new AdmissionProperties(8, DataSize.ofKilobytes(512), Duration.ofSeconds(2), DataSize.ofKilobytes(1), 1),
            new Meters(meters, new SinkTags()));

    private void sweepAfter(long seconds) {
        admission.sweep(System.nanoTime() + Duration.ofSeconds(seconds).toNanos());
    }

    private Place enter(String sink, long bytes) {
        return admission.enter(sink, bytes).orThrow();
    }

    private static InputStream bytes(long count) {
        return new ByteArrayInputStream(new byte[(int) count]);
    }

    @Test
    void givesBackWhatAnAnsweredRequestHeldAndOnlyOnce() {
        Place place = enter("a", 100);
        assertThat(admission.underWay()).isEqualTo(1);
        assertThat(admission.bytesUnderWay()).isEqualTo(100);
        place.bodyHasArrived();
        place.close();
        place.close();
        assertThat(admission.underWay()).isZero();
        assertThat(admission.bytesUnderWay()).isZero();
    }

    @Test
    void refusesASinkMoreThanItsShareAndCountsThat() {
        for (int i = 0; i < 4; i++) {
            enter("a", 0);
        }
        assertThat(admission.enter("a", 0)).isInstanceOf(Refused.class);
        assertThat(admission.enter("b", 0)).isInstanceOf(Place.class);
        assertThat(meters.counter("sluice.admission.refused", "bound", "max-requests", "sink", "a")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesAnnouncedBytesBeforeTheyCome() {
        enter("a", 300 * KB);
        assertThat(admission.enter("a", 100 * KB)).isInstanceOf(Refused.class);
        assertThat(admission.enter("b", 300 * KB)).isInstanceOf(Refused.class);
        assertThat(admission.enter("b", 200 * KB)).isInstanceOf(Place.class);
        assertThat(admission.underWay()).isEqualTo(2);
    }

    @Test
    void refusesForGoodWhatCouldNeverComeIn() {
        assertThatThrownBy(() -> enter("a", 513 * KB))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("sluice.admission.max-bytes");
        assertThat(admission.underWay()).isZero();
    }

    @Test
    void countsABodyOfUnknownLengthAsItComes() throws IOException {
        Place place = enter("a", -1);
        assertThat(admission.bytesUnderWay()).isZero();
        place.watched(bytes(100 * KB)).readAllBytes();
        assertThat(admission.bytesUnderWay()).isBetween(100 * KB, 200 * KB);
        assertThatThrownBy(() -> place.watched(bytes(500 * KB)).readAllBytes())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("sluice.admission.max-bytes");
        place.close();
        assertThat(admission.bytesUnderWay()).isZero();
    }

    @Test
    void takesThePlaceOfASlowBodyAndWhatItHasOnlyAnnounced() throws IOException {
        Place place = enter("a", 400 * KB);
        InputStream body = place.watched(bytes(400 * KB));
        body.readNBytes(10);
        sweepAfter(1);
        assertThat(admission.underWay()).isEqualTo(1);
        sweepAfter(3);
        assertThat(admission.underWay()).isZero();
        assertThat(admission.slow()).isEqualTo(1);
        assertThat(admission.bytesUnderWay()).isEqualTo(10);
        body.readNBytes(1);
        assertThat(admission.bytesUnderWay()).isGreaterThanOrEqualTo(11);
        place.close();
        assertThat(admission.slow()).isZero();
        assertThat(admission.underWay()).isZero();
        assertThat(admission.bytesUnderWay()).isZero();
    }

    @Test
    void cutsOffOneSlowBodyTooMany() {
        Place kept = enter("a", 100);
        Place cut = enter("b", 100);
        sweepAfter(3);
        assertThat(admission.underWay()).isZero();
        assertThat(admission.slow()).isEqualTo(1);
        assertThatThrownBy(() -> cut.watched(bytes(1)).read())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("sluice.admission.max-slow");
        cut.close();
        kept.close();
        assertThat(admission.slow()).isZero();
        assertThat(admission.bytesUnderWay()).isZero();
    }

    @Test
    void leavesThoseAloneWhoseBodiesHaveArrivedOrComeFastEnough() throws IOException {
        Place arrived = enter("a", 0);
        arrived.bodyHasArrived();
        Place fast = enter("b", 100 * KB);
        fast.watched(bytes(50 * KB)).readAllBytes();
        sweepAfter(10);
        assertThat(admission.underWay()).isEqualTo(2);
        assertThat(admission.slow()).isZero();
    }
}
