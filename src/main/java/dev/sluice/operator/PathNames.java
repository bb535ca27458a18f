package dev.sluice.operator;

import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds what the path of an act names, or says what it may have meant. */
@Component
class PathNames {

    private final SinkCatalog catalog;

    PathNames(SinkCatalog catalog) {
        this.catalog = catalog;
    }

    /** Returns the sink, once it is known to have the partition, if one is named. */
    SinkDefinition sink(String id, @Nullable String partition) {
        SinkDefinition sink = catalog.find(id).orElseThrow(() -> unknown(id));
        if (partition != null && !sink.hasPartition(partition)) {
            throw Problem.of(
                            ProblemType.UNKNOWN_PARTITION,
                            "the sink '" + id + "' has no partition '" + partition + "'"
                                    + NearestNames.hint(partition, sink.partitions()))
                    .with("sink", id)
                    .with("partition", partition)
                    .with("nearest", NearestNames.of(partition, sink.partitions()))
                    .exception();
        }
        return sink;
    }

    /** Returns a sink that keeps positions, once it is known to have the partition. */
    SinkDefinition partitioned(String id, String partition) {
        SinkDefinition sink = sink(id, partition);
        if (sink.stateless()) {
            throw Problem.of(
                            ProblemType.STATELESS,
                            "the sink '" + id + "' has workers, which keep no positions: there is nothing to take over"
                                    + " or to set")
                    .with("sink", id)
                    .exception();
        }
        return sink;
    }

    private RuntimeException unknown(String id) {
        List<String> known = catalog.all().stream().map(SinkDefinition::id).toList();
        return Problem.of(
                        ProblemType.UNKNOWN_SINK,
                        "there is no sink '" + id + "'" + NearestNames.hint(id, known) + "; GET /sinks lists them all")
                .with("sink", id)
                .with("nearest", NearestNames.of(id, known))
                .exception();
    }
}
