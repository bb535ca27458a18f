package dev.sluice.partition;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.PartitionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Counts what became of batches in this process since it was started. Thread-safe. */
@Component
public class WriteCounters {

    /**
     * The counts of one partition.
     *
     * @param batches committed, new in whole or in part
     * @param records written
     * @param duplicates records that were committed before
     * @param refused batches answered with anything but success
     */
    public record Counts(long batches, long records, long duplicates, long refused) {}

    private static final class Adders {
        private final LongAdder batches = new LongAdder();
        private final LongAdder records = new LongAdder();
        private final LongAdder duplicates = new LongAdder();
        private final LongAdder refused = new LongAdder();
    }

    private static final Counts NONE = new Counts(0, 0, 0, 0);

    private final Map<PartitionKey, Adders> partitions = new ConcurrentHashMap<>();
    private final SinkCatalog catalog;

    WriteCounters(SinkCatalog catalog) {
        this.catalog = catalog;
    }

    /** Returns the counts of one partition. */
    public Counts of(String sink, String partition) {
        Adders adders = partitions.get(new PartitionKey(sink, partition));
        if (adders == null) {
            return NONE; // whoever only looks must not fill the memory
        }
        return new Counts(adders.batches.sum(), adders.records.sum(), adders.duplicates.sum(), adders.refused.sum());
    }

    /** Returns how many partitions have counts. */
    public int size() {
        return partitions.size();
    }

    void count(PartitionKey key, WriteOutcome outcome) {
        Adders adders = adders(key);
        if (outcome instanceof Written written) {
            adders.batches.add(written.status() == Status.DUPLICATE ? 0 : 1);
            adders.records.add(written.written());
            adders.duplicates.add(written.duplicates());
        } else {
            adders.refused.increment();
        }
    }

    /** Forgets the counts of sinks that are gone. */
    @EventListener
    void drop(SinksChanged changed) {
        partitions
                .keySet()
                .removeIf(key -> changed.ids().contains(key.sink())
                        && catalog.all().stream().noneMatch(sink -> sink.id().equals(key.sink())));
    }

    void countFailure(PartitionKey key) {
        adders(key).refused.increment();
    }

    private Adders adders(PartitionKey key) {
        return partitions.computeIfAbsent(key, wanted -> new Adders());
    }
}
