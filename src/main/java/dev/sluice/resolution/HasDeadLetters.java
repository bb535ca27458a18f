package dev.sluice.resolution;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.partition.PartitionState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Somebody has to decide about dead letters. What is told is two seconds old at most. */
@Component
class HasDeadLetters implements PartitionState {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private record Known(Set<String> partitions, long at) {}

    private final LetterPages pages;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    HasDeadLetters(LetterPages pages) {
        this.pages = pages;
    }

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public Set<String> of(SinkDefinition sink) {
        if (!sink.settles()) {
            return Set.of();
        }
        return known.compute(
                        sink.id(),
                        (id, before) -> before != null && System.nanoTime() - before.at() < FRESH_NANOS
                                ? before
                                : new Known(pages.partitions(id), System.nanoTime()))
                .partitions();
    }
}
