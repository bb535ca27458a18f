package dev.sluice.ingest;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.admission.Admission;
import dev.sluice.admission.Place;
import dev.sluice.body.BatchParser;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.KeyedBatch;
import dev.sluice.body.Query;
import dev.sluice.body.WriteQuery;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.partition.KeyedOutcome;
import dev.sluice.partition.KeyedOutcome.AllWritten;
import dev.sluice.partition.KeyedOutcome.NotWritten;
import dev.sluice.partition.KeyedWrites;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Records with a key in place of a partition. */
@RestController
class KeyedController {

    /**
     * Where the records of a key go.
     *
     * @param index of the partition in the sink's list
     */
    record PartitionForAnswer(String sink, String key, String partition, int index, int partitions) {}

    private final Access access;
    private final Addressing addressing;
    private final Admission admission;
    private final BatchParser parser;
    private final KeyedWrites writes;
    private final Gate gate;
    private final WriteMeters meters;

    KeyedController(
            Access access,
            Addressing addressing,
            Admission admission,
            BatchParser parser,
            KeyedWrites writes,
            Gate gate,
            WriteMeters meters) {
        this.access = access;
        this.addressing = addressing;
        this.admission = admission;
        this.parser = parser;
        this.writes = writes;
        this.gate = gate;
        this.meters = meters;
    }

    @Needs({Verb.WRITE, Verb.READ})
    @GetMapping("/sinks/{sink}/partition-for")
    ResponseEntity<PartitionForAnswer> partitionFor(@PathVariable("sink") String sinkId, HttpServletRequest request) {
        SinkDefinition sink = addressing.partitioned(sinkId);
        String key = Query.text(request.getQueryString(), "key", ProblemType.MALFORMED_REQUEST);
        int index = sink.partitionOf(key);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new PartitionForAnswer(
                        sinkId,
                        key,
                        sink.partitions().get(index),
                        index,
                        sink.partitions().size()));
    }

    @Needs(Verb.WRITE)
    @PostMapping("/sinks/{sink}/records")
    ResponseEntity<?> write(@PathVariable("sink") String sinkId, HttpServletRequest request) throws IOException {
        request.setAttribute(WriteMeters.WRITES, sinkId);
        SinkDefinition sink = addressing.partitioned(sinkId);
        BodyFormat format = WriteHeaders.format(request);
        WriteQuery query = WriteQuery.parse(request.getQueryString());
        WriteHeaders.refuseOffset(request, format, query);
        Long fencingToken = WriteHeaders.fencingToken(request);
        Preferences preferences = Preferences.of(request);
        if (query.awaitsDelivery()) {
            throw Problem.of(ProblemType.MALFORMED_BATCH, "ack=delivered is for the batches of one partition")
                    .exception();
        }
        if (query.wantsSnapshot()) {
            throw Problem.of(ProblemType.MALFORMED_BATCH, "snapshot=true is for the batches of one partition")
                    .exception();
        }
        Optional<Problem> refusal = gate.refusal(sink);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        long begunAt = System.nanoTime();
        long length = request.getContentLengthLong();
        try (Place place = admission.enter(sinkId, length).orThrow();
                KeyedBatch batch = batch(place, sink, format, query, request)) {
            place.bodyHasArrived();
            if (System.nanoTime() - begunAt > BatchWrites.LONG_NANOS) {
                access.requireStill(sinkId, Verb.WRITE, request);
            }
            refusal = gate.refusal(sink);
            if (refusal.isPresent()) {
                return refusal.get().answer();
            }
            batch.partitions().forEach(part -> BatchWrites.requireRoomFor(sink, part.count()));
            KeyedOutcome outcome = write(sink, batch, fencingToken, query.dryRun(), preferences.strict());
            count(sink, outcome, query.dryRun());
            if (outcome instanceof AllWritten all) {
                KeyedAnswer answer = KeyedAnswer.of(sink, batch, all.partitions(), query.dryRun());
                Work.succeeded(query.dryRun() ? WriteMeters.DRY_RUN : answer.status());
                String applied = preferences.handled(sink);
                return ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .headers(headers -> {
                            if (!applied.isEmpty()) {
                                headers.set("Preference-Applied", applied);
                            }
                        })
                        .body(answer);
            }
            NotWritten failed = (NotWritten) outcome;
            return WriteProblems.of(failed.outcome(), failed.batch(), Sent.WITH_KEYS)
                    .with("sink", sinkId)
                    .with("partition", failed.partition())
                    .with("committedPartitions", failed.committed().isEmpty() ? null : failed.committed())
                    .answer();
        }
    }

    private KeyedBatch batch(
            Place place, SinkDefinition sink, BodyFormat format, WriteQuery query, HttpServletRequest request)
            throws IOException {
        try (InputStream body = Decompression.of(
                place.watched(request.getInputStream()),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                parser.limits())) {
            return parser.parseKeyed(
                    body,
                    format,
                    query,
                    sink.partitions().size(),
                    sink::partitionOf,
                    sink.partitioned().takesKeysOfTombstones());
        }
    }

    private KeyedOutcome write(
            SinkDefinition sink, KeyedBatch batch, @Nullable Long fencingToken, boolean dryRun, boolean strict) {
        try {
            return writes.write(sink, batch.partitions(), fencingToken, dryRun, strict);
        } catch (PartitionFailure e) {
            if (!dryRun) {
                meters.failed(sink.id(), e);
            }
            throw e;
        }
    }

    private void count(SinkDefinition sink, KeyedOutcome outcome, boolean dryRun) {
        if (dryRun) {
            return;
        }
        if (outcome instanceof AllWritten all) {
            all.partitions().forEach(written -> meters.decided(sink.id(), written));
        } else if (outcome instanceof NotWritten failed) {
            meters.decided(sink.id(), failed.outcome());
        }
    }
}
