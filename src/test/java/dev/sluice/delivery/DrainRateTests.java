package dev.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainRateTests {

    private final DrainRate rate = new DrainRate();

    @Test
    void knowsNothingBeforeRecordsAreDelivered() {
        rate.add(0);

        assertThat(rate.estimate(100)).isEmpty();
    }

    @Test
    void goesByTheRecordsOfTheLastMinute() {
        rate.add(10);
        rate.add(0);

        assertThat(rate.estimate(100)).contains(Duration.ofSeconds(10));
    }
}
