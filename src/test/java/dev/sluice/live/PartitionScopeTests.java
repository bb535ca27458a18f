package dev.sluice.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.live.PartitionScope.Occupant;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionScopeTests {

    private static final Occupant ONE = new Occupant(new PartitionKey("s", "1"), Snapshot.EMPTY);
    private static final Occupant TWO = new Occupant(new PartitionKey("s", "2"), Snapshot.EMPTY);

    private final PartitionScope scope = new PartitionScope();
    private final List<String> destroyed = new ArrayList<>();

    private Object bean(Occupant occupant) {
        return scope.within(
                occupant,
                () -> scope.get("bean", () -> {
                    scope.registerDestructionCallback(
                            "bean", () -> destroyed.add(occupant.key().partition()));
                    return new Object();
                }));
    }

    @Test
    void keepsOneBeanForEachPartition() {
        assertThat(bean(ONE)).isSameAs(bean(ONE)).isNotSameAs(bean(TWO));
    }

    @Test
    void destroysThePartitionThatIsDiscardedAndBuildsItAnew() {
        Object before = bean(ONE);
        bean(TWO);
        scope.discard(ONE.key());
        scope.discard(ONE.key());
        assertThat(destroyed).containsExactly("1");
        assertThat(bean(ONE)).isNotSameAs(before);
        scope.destroy();
        assertThat(destroyed).containsExactlyInAnyOrder("1", "1", "2");
    }

    @Test
    void goesOnWhenAPartitionCannotBeClosedProperly() {
        scope.within(ONE, () -> {
            scope.registerDestructionCallback("bean", () -> {
                throw new IllegalStateException("cannot");
            });
            return scope.get("bean", Object::new);
        });
        scope.discard(ONE.key());
        assertThat(bean(ONE)).isNotNull();
    }

    @Test
    void forgetsABeanWithoutDestroyingItWhenItIsRemoved() {
        Object bean = bean(ONE);
        assertThat(scope.<Object>within(ONE, () -> scope.remove("bean"))).isSameAs(bean);
        scope.destroy();
        assertThat(destroyed).isEmpty();
    }

    @Test
    void isNowhereUnlessALaneLooksABeanUp() {
        assertThat(scope.getConversationId()).isNull();
        assertThat(scope.within(ONE, scope::getConversationId)).isEqualTo("s/1");
        assertThatThrownBy(() -> scope.get("bean", Object::new)).isInstanceOf(NullPointerException.class);
    }
}
