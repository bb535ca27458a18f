package dev.sluice.partition;

import dev.sluice.catalog.SinkData;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.control.Pausing;
import dev.sluice.delivery.Buffers;
import dev.sluice.live.LivePartitions;
import dev.sluice.live.LiveWorkers;
import dev.sluice.snapshot.PartitionKey;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What becomes of a sink's partitions when its definition changes or goes. */
@Component
class SinkChanges implements SinkData {

    private static final Logger log = LoggerFactory.getLogger(SinkChanges.class);

    private final Lanes lanes;
    private final LivePartitions partitions;
    private final LiveWorkers workers;
    private final Buffers buffers;
    private final OutcomeReport report;
    private final Pausing pausing;

    SinkChanges(
            Lanes lanes,
            LivePartitions partitions,
            LiveWorkers workers,
            Buffers buffers,
            OutcomeReport report,
            Pausing pausing) {
        this.lanes = lanes;
        this.partitions = partitions;
        this.workers = workers;
        this.buffers = buffers;
        this.report = report;
        this.pausing = pausing;
    }

    /* A partition of the former sink would be dropped with its next write, too; but that may never come. */
    @EventListener
    void drop(SinksChanged changed) {
        changed.ids().forEach(report::forget);
        partitions.inMemory().stream()
                .filter(key -> changed.ids().contains(key.sink()))
                .forEach(key -> inLane(key, () -> partitions.discard(key)));
        workers.inMemory().stream()
                .filter(key -> changed.ids().contains(key.sink()))
                .forEach(key -> inLane(key, () -> workers.discard(key)));
    }

    private void inLane(PartitionKey key, Runnable discard) {
        try {
            lanes.of(key).submit(() -> {
                discard.run();
                return key;
            });
        } catch (PartitionFailure e) {
            log.debug("{} is too busy to be dropped now; its next write does it", key, e);
        }
    }

    @Override
    public Optional<String> reasonToKeep(String sink) {
        long waiting = buffers.waiting(sink);
        return waiting == 0 ? Optional.empty() : Optional.of(waiting + " records are accepted but not delivered yet");
    }

    @Override
    public long forget(String sink) {
        pausing.forget(sink);
        return buffers.forget(sink);
    }
}
