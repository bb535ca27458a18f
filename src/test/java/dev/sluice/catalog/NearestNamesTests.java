package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTests {

    private static final List<String> KNOWN = List.of("flights", "flight-plans", "events", "archive");

    @Test
    void findsWhatAMisspelledNameMayHaveMeant() {
        assertThat(NearestNames.of("flihgts", KNOWN)).startsWith("flights");
        assertThat(NearestNames.of("EVENT", KNOWN)).startsWith("events").hasSize(3);
        assertThat(NearestNames.hint("evnts", KNOWN)).isEqualTo(" (did you mean events?)");
    }

    @Test
    void hintsAtNothingWhereNothingIsClose() {
        assertThat(NearestNames.hint("x".repeat(100_000), KNOWN)).isEmpty();
        assertThat(NearestNames.hint("9", List.of("0", "1"))).isEmpty();
        assertThat(NearestNames.hint("zzzzzzzz", KNOWN)).isEmpty();
    }
}
