package dev.sluice.operator;

import java.util.Set;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * What the statuses of many make together. A sink that is down while others work does not take the service down: the
 * whole is degraded, which HTTP tells as 200. Where no sink works, and where anything else is down, the whole is.
 */
@Component
class SinkStatuses implements StatusAggregator {

    /** Some of it works. */
    static final Status DEGRADED = new Status("DEGRADED");

    /** A sink is down; told by its description from what else may be. */
    static final Status SINK_DOWN = new Status(Status.DOWN.getCode(), "This sink does not work");

    private final StatusAggregator worst =
            StatusAggregator.of(Status.DOWN, Status.OUT_OF_SERVICE, DEGRADED, Status.UP, Status.UNKNOWN);

    @Override
    public Status getAggregateStatus(Set<Status> statuses) {
        Status whole = worst.getAggregateStatus(statuses);
        if (!SINK_DOWN.getDescription().equals(whole.getDescription())) {
            return whole;
        }
        return statuses.contains(Status.UP) || statuses.contains(DEGRADED) ? DEGRADED : Status.DOWN;
    }
}
