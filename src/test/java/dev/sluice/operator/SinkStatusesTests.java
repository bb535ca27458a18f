package dev.sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class SinkStatusesTests {

    private final SinkStatuses statuses = new SinkStatuses();

    @Test
    void oneSinkDoesNotTakeTheOthersDown() {
        assertThat(statuses.getAggregateStatus(Status.UP, SinkStatuses.SINK_DOWN))
                .isEqualTo(SinkStatuses.DEGRADED);
        assertThat(statuses.getAggregateStatus(SinkStatuses.DEGRADED, SinkStatuses.SINK_DOWN))
                .isEqualTo(SinkStatuses.DEGRADED);
        assertThat(statuses.getAggregateStatus(SinkStatuses.DEGRADED, Status.UP))
                .isEqualTo(SinkStatuses.DEGRADED);
    }

    @Test
    void allSinksTogetherTakeTheWholeDown() {
        Status sinks = statuses.getAggregateStatus(SinkStatuses.SINK_DOWN);
        assertThat(sinks).isEqualTo(Status.DOWN);
        assertThat(statuses.getAggregateStatus(sinks, Status.UP)).isEqualTo(Status.DOWN);
    }

    @Test
    void whatElseIsDownTakesTheWholeDown() {
        assertThat(statuses.getAggregateStatus(Status.DOWN, SinkStatuses.DEGRADED, Status.UP))
                .isEqualTo(Status.DOWN);
        assertThat(statuses.getAggregateStatus(Status.OUT_OF_SERVICE, Status.UP))
                .isEqualTo(Status.OUT_OF_SERVICE);
    }
}
