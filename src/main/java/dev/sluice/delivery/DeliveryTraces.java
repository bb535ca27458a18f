package dev.sluice.delivery;

import dev.sluice.request.Spans;
import dev.sluice.request.Trace;
import dev.sluice.snapshot.PartitionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Begins the traces of deliveries, with links to the recorded requests whose records they carry. Those are remembered
 * here and nowhere else: what another process has accepted, or this one before its start, has no link. Guarded by the
 * monitor; hardly ever used, since hardly any request is recorded.
 */
@Component
public class DeliveryTraces {

    static final int MOST_LINKS = 64;
    private static final int MOST_PARTITIONS = 1_000;

    private record Carried(long first, long end, String traceparent) {}

    private final Spans spans;
    private final Map<PartitionKey, Deque<Carried>> carried = new LinkedHashMap<>();

    DeliveryTraces(Spans spans) {
        this.spans = spans;
    }

    /** Remembers that a recorded request brings {@code [first, end)} to a buffer. */
    public synchronized void carry(PartitionKey key, long first, long end, Trace trace) {
        if (carried.size() >= MOST_PARTITIONS && !carried.containsKey(key)) {
            carried.remove(carried.keySet().iterator().next());
        }
        Deque<Carried> ofPartition = carried.computeIfAbsent(key, partition -> new ArrayDeque<>());
        if (ofPartition.size() >= MOST_LINKS) {
            ofPartition.removeFirst();
        }
        ofPartition.add(new Carried(first, end, trace.traceparent()));
    }

    /** Begins the trace of a delivery. */
    DeliveryTrace begin(PartitionKey key, Intent intent) {
        return new DeliveryTrace(spans.begin("sluice.deliver", links(key, intent)));
    }

    private synchronized List<String> links(PartitionKey key, Intent intent) {
        Deque<Carried> ofPartition = carried.get(key);
        if (ofPartition == null) {
            return List.of();
        }
        List<String> links = ofPartition.stream()
                .filter(batch -> batch.first() < intent.end() && batch.end() > intent.from())
                .map(Carried::traceparent)
                .toList();
        // What is delivered later may have more of a batch; one that is tried again has the same links.
        ofPartition.removeIf(batch -> batch.end() <= intent.from());
        if (ofPartition.isEmpty()) {
            carried.remove(key);
        }
        return links;
    }
}
