package dev.sluice.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of seconds that the test counts itself. */
class CrowdTests {

    private final Crowd crowd = new Crowd(0);

    private void letIn(int count, long now) {
        for (int i = 0; i < count; i++) {
            crowd.letIn(now);
        }
    }

    private List<Integer> refuse(int count, long now) {
        return IntStream.range(0, count).mapToObj(i -> crowd.next(now)).toList();
    }

    @Test
    void sendsFewAwayForOneToThreeSeconds() {
        letIn(1_000, 0);
        refuse(1, 0);
        assertThat(refuse(300, 1)).containsOnly(1, 2, 3);
    }

    @Test
    void sendsNobodyAwayForLongBeforeItKnowsHowManyCanBeLetIn() {
        assertThat(refuse(2_000, 0)).containsOnly(1, 2, 3);
    }

    @Test
    void takesATrickleForATrickleAndNotForAllThatCanBeLetIn() {
        for (int second = 0; second < 50; second++) {
            letIn(1, second);
        }
        assertThat(refuse(300, 50)).containsOnly(1, 2, 3);
    }

    @Test
    void sendsALargeCrowdAwayForLongerButNeverForVeryLong() {
        letIn(100, 0);
        refuse(1, 0);
        List<Integer> waits = refuse(10_000, 1);
        assertThat(waits).allMatch(wait -> wait >= 1 && wait <= Crowd.LATEST).contains(1, Crowd.LATEST);
        assertThat(refuse(30, 40)).as("all are back").containsOnly(1, 2, 3);
    }

    /** Of a crowd in which each who is let in comes again in the same second, and each who is refused when told to. */
    @Test
    void letsAQuarterOfWhatIsLetInComeBackHoweverLargeTheCrowdIs() {
        int served = 1_000;
        int[] back = new int[200];
        back[1] = 1_800;
        int refused = 0;
        for (int second = 1; second < 100; second++) {
            letIn(served, second);
            for (int wait : refuse(back[second], second)) {
                back[second + wait]++;
            }
            refused += second >= 50 ? back[second] : 0;
        }
        assertThat(refused / 50.0).as("refused in a second").isBetween(0.2 * served, 0.32 * served);
    }

    @Test
    void forgetsASinkThatNobodyUses() {
        assertThat(crowd.isIdle(0)).isTrue();
        letIn(1, 0);
        assertThat(crowd.isIdle(0)).isFalse();
        assertThat(crowd.isIdle(1)).isTrue();
        refuse(1, 2);
        assertThat(crowd.isIdle(2)).as("one is expected").isFalse();
        assertThat(crowd.isIdle(6)).isTrue();
    }
}
