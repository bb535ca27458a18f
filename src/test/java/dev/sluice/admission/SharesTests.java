package dev.sluice.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who gets how much. */
class SharesTests {

    private final Shares shares = new Shares(12);

    private long takeAll(String sink) {
        while (shares.take(sink, 1)) {
            // one more
        }
        return shares.of(sink);
    }

    @Test
    void leavesEachNextSinkItsPartHoweverManyAreStuck() {
        assertThat(takeAll("a")).isEqualTo(6);
        assertThat(takeAll("b")).isEqualTo(3);
        assertThat(takeAll("c")).isEqualTo(1);
        assertThat(takeAll("d")).isEqualTo(1);
        assertThat(takeAll("e")).isEqualTo(1);
        assertThat(takeAll("f")).isZero();
        assertThat(shares.taken()).isEqualTo(12);
    }

    @Test
    void givesASinkMoreOnceOthersHaveGivenBack() {
        takeAll("a");
        takeAll("b");
        shares.giveBack("a", 6);
        assertThat(takeAll("b")).isEqualTo(6);
        shares.giveBack("b", 6);
        assertThat(shares.taken()).isZero();
    }

    @Test
    void givesALargeAmountToASinkThatHasNothing() {
        assertThat(shares.take("a", 13)).isFalse();
        assertThat(shares.take("a", 12)).isTrue();
        assertThat(shares.take("b", Long.MAX_VALUE)).isFalse();
        assertThat(shares.of("b")).isZero();
    }

    @Test
    void areFullForWhateverIsMoreThanWhatIsLeft() {
        assertThat(takeAll("a")).isEqualTo(6);
        assertThat(shares.full(6)).isFalse();
        assertThat(shares.full(7)).isTrue();
    }
}
