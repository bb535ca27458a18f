package dev.sluice.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.live.PartitionScope.Occupant;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LivePartitionTests {

    record State(String text) {}

    private record Sink(@Nullable State next) implements FixedPartitionedSink<SinkRecord, State> {

        @Override
        public List<String> listParts() {
            return List.of("0");
        }

        @Override
        public Class<State> stateType() {
            return State.class;
        }

        @Override
        public SinkRecord decode(SinkRecord record) {
            return record;
        }

        @Override
        public StatefulSinkPartition<SinkRecord, State> buildPart(
                String stepId, String forPart, @Nullable State resumeState) {
            State state = next == null ? resumeState : next;
            return new StatefulSinkPartition<>() {
                @Override
                public void writeBatch(List<SinkRecord> items) {}

                @Override
                public @Nullable State snapshot() {
                    return state;
                }
            };
        }
    }

    private static Snapshot snapshot(long version, @Nullable String state) {
        return new Snapshot(7, null, 0, version, state, null, null, null, null, 0, 0, 0);
    }

    private static LivePartition<?, ?> live(@Nullable State next, @Nullable String stored) {
        Snapshot snapshot = snapshot(3, stored);
        return LivePartition.build(
                new Sink(next), new Occupant(new PartitionKey("s", "0"), snapshot), new JsonMapper());
    }

    @Test
    void buildsThePartitionWithItsStoredStateAndStandsThere() {
        String here = "{\"text\":\"here\"}";
        LivePartition<?, ?> live = live(null, here);
        assertThat(live.state()).isEqualTo(here);
        assertThat(live.standsAt(snapshot(3, here))).isTrue();
        assertThat(live.standsAt(snapshot(4, here))).isFalse();
        assertThat(live.standsAt(snapshot(3, "{\"text\":\"there\"}"))).isFalse();
        assertThat(live(null, null).state()).isNull();
    }

    @Test
    void offersOnlyWhatThePartitionCanDo() {
        LivePartition<?, ?> live = live(null, null);
        assertThat(live.rewindable()).isFalse();
        assertThat(live.probes()).isFalse();
        assertThat(live.transactional()).isFalse();
    }

    @Test
    void refusesAStateThatIsTooLargeToKeep() {
        assertThatThrownBy(() -> live(new State("x".repeat(70_000)), null).state())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at most 65536");
    }
}
