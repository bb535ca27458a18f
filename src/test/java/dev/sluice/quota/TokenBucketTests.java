package dev.sluice.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTests {

    private final TokenBucket bucket = new TokenBucket();

    private void at(double seconds, double rate) {
        bucket.goOnTo((long) (seconds * TimeUnit.SECONDS.toNanos(1)), rate);
    }

    private boolean take(double amount) {
        boolean has = bucket.has(1);
        if (has) {
            bucket.take(amount);
        }
        return has;
    }

    @Test
    void beginsWithASecondsWorthAndKeepsNoMore() {
        at(100, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(take(1)).isTrue();
        }
        assertThat(take(1)).isFalse();
        at(160, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(take(1)).isTrue();
        }
        assertThat(take(1)).isFalse();
    }

    @Test
    void givesOneAtATimeWhereThereIsLessThanOneInASecond() {
        at(0, 0.5);
        assertThat(take(1)).isTrue();
        at(1.9, 0.5);
        assertThat(take(1)).isFalse();
        assertThat(bucket.secondsUntil(1, 1)).isEqualTo(1);
        at(2, 0.5);
        assertThat(take(1)).isTrue();
    }

    @Test
    void hasWhatWasTakenBeyondItMadeUpFor() {
        at(0, 10);
        assertThat(take(60)).isTrue();
        at(1, 10);
        assertThat(take(1)).isFalse();
        assertThat(bucket.secondsUntil(1, 1)).isEqualTo(5); // 41 are missing, and none of the first is left
        at(5.2, 10);
        assertThat(take(1)).isTrue();
    }

    @Test
    void givesBackWhatDidNotCome() {
        at(0, 10);
        assertThat(take(60)).isTrue();
        bucket.take(-60);
        assertThat(take(1)).isTrue();
        assertThat(bucket.isFull()).isFalse();
        at(1, 10);
        assertThat(bucket.isFull()).isTrue();
    }

    @Test
    void goesOnAtAnotherRate() {
        at(0, 10);
        assertThat(take(10)).isTrue();
        at(1, 2); // two replicas' worth became fewer
        assertThat(take(2)).isTrue();
        assertThat(take(1)).isFalse();
    }

    /* Told the same time, all of them would be back at once. */
    @Test
    void sendsThoseWhoAreRefusedAwayOneAfterTheOther() {
        at(0, 1);
        assertThat(take(1)).isTrue();
        for (int waiting = 1; waiting <= 10; waiting++) {
            assertThat(bucket.secondsUntil(1, 1)).isEqualTo(waiting);
        }
        for (int more = 0; more < 100; more++) {
            assertThat(bucket.secondsUntil(1, 1)).isLessThanOrEqualTo(16);
        }
        at(60, 1);
        assertThat(take(1)).isTrue();
        assertThat(bucket.secondsUntil(1, 1)).isEqualTo(1);
    }
}
