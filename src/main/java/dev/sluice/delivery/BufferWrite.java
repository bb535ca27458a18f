package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.delivery.BufferStore.Growth;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.RefusedPartitionsException;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Records of many partitions into the buffer, unless too many of a partition would wait. */
final class BufferWrite implements JointWrite {

    private static final int RECORDS_AT_A_TIME = 10_000;
    private static final long BYTES_AT_A_TIME = 4 << 20;

    private final String sink;
    private final BatchingSinkProperties settings;
    private final BufferStore buffer;
    private final Engine engine;
    private final List<String> partitions = new ArrayList<>();
    private final List<SinkRecord> records = new ArrayList<>();
    private final Consumer<Set<String>> whenDue;
    private final Map<String, Growth> growths = new LinkedHashMap<>();
    private final Set<String> due = new HashSet<>();
    private long bytes;

    /** {@code whenDue} is told, after the commit, of partitions that have a whole batch to deliver. */
    BufferWrite(
            String sink,
            BatchingSinkProperties settings,
            BufferStore buffer,
            Engine engine,
            Consumer<Set<String>> whenDue) {
        this.sink = sink;
        this.settings = settings;
        this.buffer = buffer;
        this.engine = engine;
        this.whenDue = whenDue;
    }

    @Override
    public void add(String forPart, SinkRecord record) {
        partitions.add(forPart);
        records.add(record);
        growths.merge(
                forPart,
                new Growth(forPart, 1, record.length()),
                (before, one) -> new Growth(forPart, before.records() + 1, before.bytes() + one.bytes()));
        bytes += record.length();
        if (records.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (records.isEmpty()) {
            return;
        }
        Map<String, Growth> grown = buffer.grow(sink, List.copyOf(growths.values()), settings.maxBacklog(), engine);
        if (grown.size() < growths.size()) {
            throw new RefusedPartitionsException(growths.values().stream()
                    .filter(growth -> !grown.containsKey(growth.partition()))
                    .collect(Collectors.toMap(Growth::partition, this::full)));
        }
        buffer.add(sink, partitions, records, engine);
        grown.values().stream().filter(this::isDue).map(Growth::partition).forEach(this::due);
        partitions.clear();
        records.clear();
        growths.clear();
        bytes = 0;
    }

    private boolean isDue(Growth waiting) {
        return waiting.records() >= settings.batchSize()
                || waiting.bytes() >= settings.batchBytes().toBytes();
    }

    private void due(String partition) {
        if (due.isEmpty() && TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    whenDue.accept(due);
                }
            });
        }
        due.add(partition);
    }

    private SinkException full(Growth growth) {
        Backlog backlog = buffer.backlog(new PartitionKey(sink, growth.partition()));
        return new SinkException(
                Disposition.BUSY,
                growth.records() + " records do not fit: " + backlog.records() + " records (" + backlog.bytes()
                        + " bytes) are accepted and not delivered yet, and at most max-backlog=" + settings.maxBacklog()
                        + " may be",
                null);
    }

    @Override
    public void close() {
        // Holds nothing but what it was given.
    }
}
