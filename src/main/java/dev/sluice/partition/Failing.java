package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.outcome.Outcomes;
import dev.sluice.outcome.Outcomes.Activity;
import dev.sluice.outcome.SinkOutcome;
import java.util.Arrays;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Writes or deliveries have had nothing but failures in this process for {@code sluice.health.failing-after}. */
@Component
class Failing implements PartitionState {

    private final Outcomes outcomes;

    Failing(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public Set<String> of(SinkDefinition sink) {
        return outcomes.failingPartitions(sink.id());
    }

    @Override
    public boolean holdsFor(SinkDefinition sink) {
        return Arrays.stream(Activity.values())
                .map(activity -> outcomes.of(activity, sink.id()))
                .anyMatch(Failing::fails);
    }

    private static boolean fails(SinkOutcome outcome) {
        return outcome.lasting() || outcome.failingPartitionCount() > 0;
    }
}
