package dev.sluice.ingest;

import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds what a path names, or says what it may have meant. */
@Component
class Addressing {

    private final SinkCatalog catalog;

    Addressing(SinkCatalog catalog) {
        this.catalog = catalog;
    }

    SinkDefinition sink(String id) {
        return catalog.find(id).orElseThrow(() -> {
            List<String> known = catalog.all().stream().map(SinkDefinition::id).toList();
            return Problem.of(
                            ProblemType.UNKNOWN_SINK,
                            "there is no sink '" + id + "'" + NearestNames.hint(id, known)
                                    + "; GET /sinks lists them all")
                    .with("sink", id)
                    .with("nearest", NearestNames.of(id, known))
                    .exception();
        });
    }

    /** Returns the sink, once it is known to have the partition. */
    SinkDefinition sinkWith(String id, String partition) {
        SinkDefinition sink = sink(id);
        if (!sink.hasPartition(partition)) {
            throw Problem.of(
                            ProblemType.UNKNOWN_PARTITION,
                            "the sink '" + id + "' has no partition '" + partition + "'"
                                    + NearestNames.hint(partition, sink.partitions()) + "; GET /sinks/" + id
                                    + "/partitions lists them all")
                    .with("sink", id)
                    .with("partition", partition)
                    .with("nearest", NearestNames.of(partition, sink.partitions()))
                    .exception();
        }
        return sink;
    }
}
