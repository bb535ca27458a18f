package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartBudgetTests {

    private static final long NOW = 1L << 40;

    @Test
    void letsPausesGrowAndEndsAfterSoManyStarts() {
        RestartBudget budget = new RestartBudget(7, Duration.ofMinutes(10));
        for (int seconds : new int[] {0, 1, 2, 4, 8, 15, 15}) {
            assertThat(budget.take(NOW)).contains(Duration.ofSeconds(seconds));
        }
        assertThat(budget.take(NOW)).isEmpty();
        assertThat(budget).hasToString("start 7 of 7 within 600 s");
    }

    @Test
    void forgetsStartsOfLongAgo() {
        RestartBudget budget = new RestartBudget(1, Duration.ofSeconds(10));
        assertThat(budget.take(NOW)).contains(Duration.ZERO);
        assertThat(budget.take(NOW + Duration.ofSeconds(10).toNanos())).isEmpty();
        assertThat(budget.take(NOW + Duration.ofSeconds(11).toNanos())).contains(Duration.ZERO);
    }

    @Test
    void allowsNoneWhereNoneIsWanted() {
        assertThat(new RestartBudget(0, Duration.ofSeconds(10)).take(NOW)).isEqualTo(Optional.empty());
    }
}
