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
        Snapshot snapshot = new Snapshot(nextOffset, null, current, 1, null, null, null, null, null, 0, 0, 0);
        assertThat(Decision.of(snapshot, token, null, first, end)).isEqualTo(expected);
        assertThat(Decision.of(snapshot, token, "key:one", first, end)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // opened by, sent by, batch's token, first
        "key:one, key:one, 3, 10, NEW",
        "key:one, key:two, 3, 10, FOREIGN_TOKEN",
        "key:one, key:two, 3,  0, FOREIGN_TOKEN",
        "key:one, key:two, 3, 11, FOREIGN_TOKEN",
        "key:one, key:two, 2, 10, FENCED",
        "key:one, key:two, 4, 10, UNKNOWN_TOKEN",
        "key:one, key:two,  , 10, TOKEN_REQUIRED",
        "key:one,        , 3, 10, NEW",
        "       , key:two, 3, 10, NEW",
    })
    void leavesATokenToWhoeverHasOpenedIt(
            @Nullable String openedBy, @Nullable String sender, @Nullable Long token, long first, Decision expected) {
        Snapshot snapshot = new Snapshot(10, null, 3, 1, null, "loader", openedBy, null, null, 0, 0, 0);
        assertThat(Decision.of(snapshot, token, sender, first, first + 1)).isEqualTo(expected);
    }
}
