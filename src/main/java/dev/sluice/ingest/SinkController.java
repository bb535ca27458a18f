package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.partition.Partitions;
import dev.sluice.partition.WriteCounters;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The partitions of a sink. */
@RestController
@RequestMapping("/sinks")
class SinkController {

    record PartitionsAnswer(String sink, List<PartitionAnswer> partitions) {}

    /**
     * A partition.
     *
     * @param snapshot null for a worker, which keeps none
     * @param counters what this process has done since it was started
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartitionAnswer(String partition, @Nullable SnapshotAnswer snapshot, WriteCounters.Counts counters) {}

    private final Addressing addressing;
    private final Partitions partitions;
    private final WriteCounters counters;

    SinkController(Addressing addressing, Partitions partitions, WriteCounters counters) {
        this.addressing = addressing;
        this.partitions = partitions;
        this.counters = counters;
    }

    @GetMapping("/{sink}/partitions")
    ResponseEntity<PartitionsAnswer> partitions(@PathVariable("sink") String id) {
        SinkDefinition sink = addressing.sink(id);
        Map<String, Snapshot> snapshots = partitions.snapshots(sink);
        return json(new PartitionsAnswer(
                id,
                sink.partitions().stream()
                        .map(partition -> answer(sink, partition, snapshots.getOrDefault(partition, Snapshot.EMPTY)))
                        .toList()));
    }

    @GetMapping("/{sink}/partitions/{partition}")
    ResponseEntity<PartitionAnswer> partition(
            @PathVariable("sink") String id, @PathVariable("partition") String partition) {
        SinkDefinition sink = addressing.sinkWith(id, partition);
        return json(answer(sink, partition, partitions.snapshot(sink, partition)));
    }

    private PartitionAnswer answer(SinkDefinition sink, String partition, Snapshot snapshot) {
        return new PartitionAnswer(
                partition,
                sink.stateless() ? null : SnapshotAnswer.of(sink, partition, snapshot),
                counters.of(sink.id(), partition));
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
