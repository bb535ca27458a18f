package dev.sluice.operator;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.outcome.Outcomes;
import dev.sluice.outcome.Outcomes.Activity;
import dev.sluice.outcome.SinkOutcome;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** What operators see of a sink at work: what its target says of itself, and what became of what was tried. */
@Component
class SinkStatus {

    private final Outcomes outcomes;

    SinkStatus(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    SinkOutcome writes(SinkDefinition sink) {
        return outcomes.of(Activity.WRITE, sink.id());
    }

    SinkOutcome deliveries(SinkDefinition sink) {
        return outcomes.of(Activity.DELIVERY, sink.id());
    }

    Map<String, Object> of(SinkDefinition sink) {
        Map<String, Object> status = new TreeMap<>(sink.sink().status());
        putIfTried(status, "writes", writes(sink));
        putIfTried(status, "deliveries", deliveries(sink));
        return status;
    }

    private static void putIfTried(Map<String, Object> status, String name, SinkOutcome outcome) {
        if (outcome.tried()) {
            status.put(name, outcome);
        }
    }
}
