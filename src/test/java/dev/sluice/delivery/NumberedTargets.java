package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Partitions in memory that take what is new to them, as those of real sinks do. */
final class NumberedTargets implements TargetWriter {

    final Map<String, List<SinkRecord>> records = new HashMap<>();
    final Map<String, Disposition> failing = new HashMap<>();
    final Map<String, Integer> writes = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();

    @Override
    public boolean takes(String sink, String partition) {
        return true;
    }

    @Override
    public synchronized long nextOffset(String sink, String partition) {
        return positions.getOrDefault(sink, 0L);
    }

    @Override
    public synchronized long write(String sink, String partition, SinkBatch<SinkRecord> batch) {
        if (failing.containsKey(sink)) {
            throw new SinkException(failing.get(sink), "gone fishing", null);
        }
        long position = nextOffset(sink, partition);
        if (batch.first() > position) {
            throw new TargetBehindException(position, "a gap at " + position);
        }
        writes.merge(sink, 1, Integer::sum);
        batch.items().stream()
                .filter(record -> record.offset() >= position)
                .forEach(record ->
                        records.computeIfAbsent(sink, id -> new ArrayList<>()).add(record));
        positions.put(sink, Math.max(position, batch.end()));
        return positions.get(sink);
    }

    @Override
    public CompletableFuture<Long> begin(String sink, String partition, SinkBatch<SinkRecord> batch) {
        try {
            return CompletableFuture.completedFuture(write(sink, partition, batch));
        } catch (SinkException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
