package dev.sluice.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTests {

    @ParameterizedTest
    @CsvSource({
        // N, partition's token, batch's token, first, end
        "10, 0,  , 10, 12, NEW",
        "10, 0, 0, 10, 12, NEW",
        "10, 3, 3, 10, 12, NEW",
        "10, 0,  , 10, 10, DUPLICATE",
        "10, 0,  ,  0, 10, DUPLICATE",
        "10, 0,  ,  9, 10, DUPLICATE",
        "10, 0,  ,  9, 11, OVERLAP",
        "10, 0,  , 11, 12, GAP",
        "10, 0,  , 11, 11, GAP",
        "10, 3,  , 10, 12, TOKEN_REQUIRED",
        "10, 3,  ,  0,  5, TOKEN_REQUIRED",
        "10, 3, 2, 10, 12, FENCED",
        "10, 3, 2,  0,  5, FENCED",
        "10, 3, 0, 11, 12, FENCED",
        "10, 3, 4, 10, 12, UNKNOWN_TOKEN",
        "10, 0, 1, 10, 12, UNKNOWN_TOKEN",
        "9223372036854775806, 0, , 9223372036854775806, 9223372036854775807, NEW",
        "9223372036854775807, 0, , 9223372036854775806, 9223372036854775807, DUPLICATE",
        "0, 0, , 9223372036854775806, 9223372036854775807, GAP",
    })
    void decidesByTheTable(
            long nextOffset, long current, @Nullable Long token, long first, long end, Decision expected) {
        Snapshot snapshot = new Snapshot(nextOffset, null, current, 1, null, null, null, null, 0, 0, 0);
        assertThat(Decision.of(snapshot, token, first, end)).isEqualTo(expected);
    }
}
