package dev.sluice.resolution;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.LateSink;
import dev.sluice.snapshot.PartitionKey;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds the sink whose dead letters a path names, and the dead letter. */
@Component
class LetterAddress {

    private final Addressing addressing;
    private final LetterPages pages;

    LetterAddress(Addressing addressing, LetterPages pages) {
        this.addressing = addressing;
        this.pages = pages;
    }

    /** Returns a sink that can have dead letters of its own. */
    SinkDefinition sink(String id) {
        SinkDefinition sink = addressing.sink(id);
        if (!sink.targets().isEmpty()) {
            throw Problem.of(
                            ProblemType.UNKNOWN_DEAD_LETTER,
                            "the sink '" + id + "' is made of " + String.join(", ", sink.targets())
                                    + ": dead letters belong to the sink that refuses, so look there")
                    .with("sink", id)
                    .with("targets", sink.targets())
                    .exception();
        }
        return sink;
    }

    /** Returns a sink that can have dead letters of its own, with this partition. */
    SinkDefinition sinkWith(String id, String partition) {
        addressing.sinkWith(id, partition);
        return sink(id);
    }

    /** Returns what can be replayed into; {@code overwrite} is whether later records may be undone. */
    SinkDefinition replayable(String id, boolean overwrite) {
        SinkDefinition sink = sink(id);
        if (sink.stateless() || !(sink.partitioned() instanceof JointSink || sink.partitioned() instanceof LateSink)) {
            throw Problem.of(
                            ProblemType.UNKNOWN_DEAD_LETTER,
                            "the sink '" + id + "' is of type '" + sink.type() + "', which settles no dead letters")
                    .with("sink", id)
                    .exception();
        }
        if (sink.partitioned() instanceof JointSink target && target.overwrites() && !overwrite) {
            throw Problem.of(
                            ProblemType.OVERWRITES_LATER,
                            "the sink '" + id + "' replaces rows by their key: a record that is replayed now takes the"
                                    + " place of what later records of its key have written. If that is right, say"
                                    + " \"overwrite\": true; else correct the row by a new record")
                    .with("sink", id)
                    .exception();
        }
        return sink;
    }

    /** Returns the sinks that refuse records of a partition: the sink itself, or those behind it that it is made of. */
    List<SinkDefinition> leaves(String id, String partition) {
        SinkDefinition sink = addressing.sinkWith(id, partition);
        if (!sink.targets().isEmpty()) {
            return sink.targets().stream()
                    .flatMap(target -> leaves(target, partition).stream())
                    .toList();
        }
        if (!sink.settles()) {
            throw Problem.of(
                            ProblemType.UNKNOWN_DEAD_LETTER,
                            "the sink '" + id + "', of type '" + sink.type()
                                    + "', cannot settle a record that it refuses"
                                    + " as a dead letter with these settings; PUT it with on-rejected: dead-letter to be"
                                    + " told why")
                    .with("sink", id)
                    .exception();
        }
        return List.of(sink);
    }

    DeadLetter letter(SinkDefinition sink, String partition, long offset) {
        return pages.find(new PartitionKey(sink.id(), partition), offset)
                .orElseThrow(() -> Problem.of(
                                ProblemType.UNKNOWN_DEAD_LETTER,
                                "the record at offset " + offset + " of " + sink.id() + "/" + partition
                                        + " is no dead letter; GET /sinks/" + sink.id() + "/dead-letters lists them")
                        .with("sink", sink.id())
                        .with("partition", partition)
                        .with("offset", offset)
                        .exception());
    }
}
