package dev.sluice.ingest;

import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.security.Access;
import org.springframework.stereotype.Component;

/** Finds what a path names, or says what it may have meant. */
@Component
public class Addressing {

    private final SinkCatalog catalog;
    private final Access access;

    Addressing(SinkCatalog catalog, Access access) {
        this.catalog = catalog;
        this.access = access;
    }

    /** Returns a sink. */
    public SinkDefinition sink(String id) {
        return catalog.find(id).orElseThrow(() -> access.unknown(id).exception());
    }

    /** Returns the sink, once it is known to have the partition. */
    public SinkDefinition sinkWith(String id, String partition) {
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

    /** Returns a sink that keeps positions. */
    public SinkDefinition partitioned(String id) {
        return requirePositions(sink(id));
    }

    /** Returns a sink that keeps positions, once it is known to have the partition. */
    public SinkDefinition partitionedWith(String id, String partition) {
        return requirePositions(sinkWith(id, partition));
    }

    private static SinkDefinition requirePositions(SinkDefinition sink) {
        if (sink.stateless()) {
            throw Problem.of(
                            ProblemType.STATELESS,
                            "the sink '" + sink.id() + "' has "
                                    + sink.partitions().size()
                                    + " workers, which keep no positions: there is no snapshot, no receipt, nothing to"
                                    + " open and no key. POST batches without offsets to /sinks/" + sink.id()
                                    + "/partitions/0 … " + (sink.partitions().size() - 1))
                    .with("sink", sink.id())
                    .exception();
        }
        return sink;
    }
}
