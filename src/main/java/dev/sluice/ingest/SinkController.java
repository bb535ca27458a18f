package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.control.ControlAnswer;
import dev.sluice.control.Pause;
import dev.sluice.control.Pauses;
import dev.sluice.partition.PartitionPage;
import dev.sluice.partition.PartitionPage.Wanted;
import dev.sluice.partition.Partitions;
import dev.sluice.partition.WriteCounters;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

    /**
     * A page of partitions.
     *
     * @param next the {@code from} of the next page, absent on the last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartitionsAnswer(
            String sink,
            List<PartitionAnswer> partitions,
            @Nullable String next) {}

    /**
     * A partition.
     *
     * @param snapshot null for a worker, which keeps none
     * @param counters what this process has done since it was started
     * @param control what is paused of it, by itself or with its sink
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartitionAnswer(
            String partition,
            @Nullable SnapshotAnswer snapshot,
            WriteCounters.Counts counters,
            @Nullable List<ControlAnswer> control) {}

    private final Addressing addressing;
    private final Partitions partitions;
    private final WriteCounters counters;
    private final Pauses pauses;

    SinkController(Addressing addressing, Partitions partitions, WriteCounters counters, Pauses pauses) {
        this.addressing = addressing;
        this.partitions = partitions;
        this.counters = counters;
        this.pauses = pauses;
    }

    @Needs({Verb.READ, Verb.OPERATE})
    @GetMapping("/{sink}/partitions")
    ResponseEntity<PartitionsAnswer> partitions(@PathVariable("sink") String id, HttpServletRequest request) {
        SinkDefinition sink = addressing.sink(id);
        Wanted wanted = PartitionsQuery.parse(request.getQueryString(), partitions.states());
        if (wanted.asksForPositions() && sink.stateless()) {
            throw Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "the sink '" + id + "' has workers, which keep no positions: used, opened, lagging and"
                                    + " idle-longer-than are not for them")
                    .exception();
        }
        if (wanted.from() != null) {
            addressing.sinkWith(id, wanted.from());
        }
        PartitionPage page = partitions.page(sink, wanted);
        return json(new PartitionsAnswer(
                id,
                page.partitions().entrySet().stream()
                        .map(entry -> answer(sink, entry.getKey(), entry.getValue()))
                        .toList(),
                page.next()));
    }

    @Needs({Verb.WRITE, Verb.READ, Verb.OPERATE})
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
                counters.of(sink.id(), partition),
                control(sink, partition, snapshot));
    }

    private @Nullable List<ControlAnswer> control(SinkDefinition sink, String partition, Snapshot snapshot) {
        List<Pause> paused = pauses.of(sink.id(), partition);
        Long delivered = SnapshotAnswer.delivered(sink, snapshot.deliveredOffset());
        boolean drained = delivered == null || delivered >= snapshot.nextOffset();
        return paused.isEmpty()
                ? null
                : paused.stream()
                        .map(pause -> ControlAnswer.of(pause, drained, null))
                        .toList();
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
