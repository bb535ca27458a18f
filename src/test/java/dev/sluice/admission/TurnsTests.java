package dev.sluice.admission;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of seconds that the test counts itself. */
class TurnsTests {

    private final Turns turns = new Turns(0);

    private void letIn(int count, long now) {
        for (int i = 0; i < count; i++) {
            turns.letIn(now);
        }
    }

    /** How many are told each wait. */
    private Map<Integer, Long> refuse(int count, long now) {
        return Stream.generate(() -> turns.next(now)).limit(count).collect(groupingBy(identity(), counting()));
    }

    @Test
    void sendsAsManyIntoEachSecondAsAreLetInAndSomeMore() {
        letIn(100, 0);
        letIn(100, 1);
        assertThat(refuse(300, 1)).isEqualTo(Map.of(1, 125L, 2, 125L, 3, 50L));
        assertThat(refuse(100, 2))
                .as("the next second has its 125, the one after it 50 of them")
                .isEqualTo(Map.of(2, 75L, 3, 25L));
    }

    @Test
    void sendsTheFirstOnesSomewhereBeforeItKnowsHowManyCanBeLetIn() {
        assertThat(refuse(20, 0)).isEqualTo(Map.of(1, 8L, 2, 8L, 3, 4L));
    }

    @Test
    void seesAtOnceThatMoreAreLetIn() {
        letIn(100, 0);
        letIn(400, 1);
        assertThat(refuse(600, 1)).isEqualTo(Map.of(1, 500L, 2, 100L));
    }

    @Test
    void sendsNobodyAwayForLongBecauseOfACrowdOrOfWhatHeldThingsUp() {
        letIn(100, 0);
        assertThat(refuse(10_000, 1).keySet()).allMatch(wait -> wait <= Turns.LATEST);
        assertThat(refuse(100, 15)).as("0.9^14 of 125 a second").isEqualTo(Map.of(1, 29L, 2, 29L, 3, 29L, 4, 13L));
    }

    @Test
    void forgetsASinkThatNobodyUses() {
        assertThat(turns.isIdle(0)).isTrue();
        letIn(1, 0);
        assertThat(turns.isIdle(0)).isFalse();
        assertThat(turns.isIdle(1)).isFalse();
        assertThat(turns.isIdle(2)).isTrue();
        refuse(1, 2);
        assertThat(turns.isIdle(2)).isFalse();
        assertThat(turns.isIdle(4)).isTrue();
    }
}
