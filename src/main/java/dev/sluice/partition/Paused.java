package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.control.Pauses;
import java.util.Set;
import org.springframework.stereotype.Component;

/** An operator has paused the intake or the delivery. */
@Component
class Paused implements PartitionState {

    private final Pauses pauses;

    Paused(Pauses pauses) {
        this.pauses = pauses;
    }

    @Override
    public String name() {
        return "paused";
    }

    @Override
    public Set<String> of(SinkDefinition sink) {
        return pauses.partitions(sink.id(), sink.partitions());
    }

    @Override
    public boolean holdsFor(SinkDefinition sink) {
        return !pauses.of(sink.id()).isEmpty();
    }
}
