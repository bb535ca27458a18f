package dev.sluice.ingest;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.partition.Partitions;
import dev.sluice.partition.WriteCounters;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What there is to write to. */
@RestController
@RequestMapping("/sinks")
class SinkController {

    record SinksAnswer(List<SinkAnswer> sinks) {}

    /**
     * A sink.
     *
     * @param source where it is defined; what comes from the configuration file is read-only
     */
    record SinkAnswer(String id, String type, List<String> partitions, String guarantee, String source) {
        static SinkAnswer of(SinkDefinition sink) {
            return new SinkAnswer(
                    sink.id(), sink.type(), sink.partitions(), sink.guarantee().text(), "configuration");
        }
    }

    record PartitionsAnswer(String sink, List<PartitionAnswer> partitions) {}

    /**
     * A partition.
     *
     * @param counters what this process has done since it was started
     */
    record PartitionAnswer(String partition, SnapshotAnswer snapshot, WriteCounters.Counts counters) {}

    private final SinkCatalog catalog;
    private final Addressing addressing;
    private final Partitions partitions;
    private final WriteCounters counters;

    SinkController(SinkCatalog catalog, Addressing addressing, Partitions partitions, WriteCounters counters) {
        this.catalog = catalog;
        this.addressing = addressing;
        this.partitions = partitions;
        this.counters = counters;
    }

    @GetMapping
    ResponseEntity<SinksAnswer> sinks() {
        return json(new SinksAnswer(catalog.all().stream().map(SinkAnswer::of).toList()));
    }

    @GetMapping("/{sink}")
    ResponseEntity<SinkAnswer> sink(@PathVariable("sink") String id) {
        return json(SinkAnswer.of(addressing.sink(id)));
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
                partition, SnapshotAnswer.of(sink, partition, snapshot), counters.of(sink.id(), partition));
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
