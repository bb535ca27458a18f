package dev.sluice.ingest;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.admission.Admission;
import dev.sluice.admission.Place;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.LimitProperties;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.partition.OpenOutcome;
import dev.sluice.partition.OpenOutcome.Fenced;
import dev.sluice.partition.OpenOutcome.ForeignState;
import dev.sluice.partition.OpenOutcome.NotRewindable;
import dev.sluice.partition.OpenOutcome.Opened;
import dev.sluice.partition.OpenOutcome.Overtaken;
import dev.sluice.partition.OpenOutcome.SinkBehind;
import dev.sluice.partition.OpenOutcome.Unstorable;
import dev.sluice.partition.OpenRequest;
import dev.sluice.partition.Partitions;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.Receipt;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a writer does with a partition besides writing. */
@RestController
@RequestMapping("/sinks/{sink}/partitions/{partition}")
class PartitionController {

    private static final int RECEIPTS_PER_PAGE = 1_000;

    /**
     * A committed batch, or 10,000 records of a large one.
     *
     * @param end exclusive
     */
    record ReceiptAnswer(
            long first,
            long end,
            long records,
            long fencingToken,
            @Nullable Instant committedAt) {}

    /**
     * A page of receipts.
     *
     * @param next the {@code from} of the next page, null on the last
     */
    record ReceiptsAnswer(
            String sink,
            String partition,
            List<ReceiptAnswer> receipts,
            @Nullable Long next) {}

    private final Addressing addressing;
    private final Admission admission;
    private final Partitions partitions;
    private final OpenBody openBody;
    private final LimitProperties limits;
    private final WriteMeters meters;
    private final SnapshotAnswers snapshots;

    PartitionController(
            Addressing addressing,
            Admission admission,
            Partitions partitions,
            OpenBody openBody,
            LimitProperties limits,
            WriteMeters meters,
            SnapshotAnswers snapshots) {
        this.addressing = addressing;
        this.admission = admission;
        this.partitions = partitions;
        this.openBody = openBody;
        this.limits = limits;
        this.meters = meters;
        this.snapshots = snapshots;
    }

    @Needs({Verb.WRITE, Verb.READ, Verb.OPERATE})
    @GetMapping("/snapshot")
    ResponseEntity<?> snapshot(@PathVariable("sink") String sinkId, @PathVariable("partition") String partition) {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        return json(snapshots.of(sink, partition, partitions.snapshot(sink, partition)));
    }

    @Needs(Verb.WRITE)
    @PostMapping("/open")
    ResponseEntity<?> open(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        if (WriteHeaders.format(request) != BodyFormat.JSON) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "open takes one document, Content-Type: application/json, like {\"owner\": \"loader-7\"}")
                    .exception();
        }
        try (Place place =
                        admission.enter(sinkId, request.getContentLengthLong()).orThrow();
                InputStream body = body(place, request)) {
            OpenRequest open = openBody.read(body, sinkId, partition);
            place.bodyHasArrived();
            return open(sink, partition, open);
        }
    }

    private InputStream body(Place place, HttpServletRequest request) throws IOException {
        return Decompression.of(
                place.watched(request.getInputStream()),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                limits);
    }

    private ResponseEntity<?> open(SinkDefinition sink, String partition, OpenRequest open) {
        if (open.resumeState() != null && sink.partitioned().stateType() == Void.class) {
            throw Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "'resume' has a state, but the sink '" + sink.id()
                                    + "' keeps none: it is the snapshot of another sink")
                    .exception();
        }
        OpenOutcome outcome = partitions.open(sink, partition, open);
        if (outcome instanceof Opened opened) {
            meters.opened(sink.id());
            Long auditId = opened.auditId();
            ResponseEntity.BodyBuilder ok = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
            return (auditId == null ? ok : ok.header("Sluice-Audit-Id", Long.toString(auditId)))
                    .body(snapshots.of(sink, partition, opened.snapshot()));
        }
        return problem(outcome, open)
                .with("sink", sink.id())
                .with("partition", partition)
                .answer();
    }

    private static Problem problem(OpenOutcome outcome, OpenRequest open) {
        if (outcome instanceof SinkBehind behind) {
            return Problem.of(
                            ProblemType.SINK_BEHIND,
                            "the partition's next offset is "
                                    + behind.current().nextOffset() + ", below resume.nextOffset " + open.resumeAt()
                                    + ": records that were acknowledged are lost, or the snapshot is another"
                                    + " partition's. Nothing was changed. Find out what happened to the database"
                                    + " (a restored backup? a failover?) and replay from its next offset")
                    .with("nextOffset", behind.current().nextOffset())
                    .with("fencingToken", behind.current().fencingToken());
        }
        if (outcome instanceof NotRewindable not) {
            return Problem.of(
                            ProblemType.NOT_REWINDABLE,
                            "this sink cannot be taken back to " + open.resumeAt() + ": " + not.reason()
                                    + "; nothing was changed. Replay the same bytes at the same offsets instead: they"
                                    + " are recognised")
                    .with("nextOffset", not.current().nextOffset());
        }
        if (outcome instanceof ForeignState foreign) {
            return Problem.of(
                    ProblemType.MALFORMED_REQUEST,
                    "resume.state is not a state of this partition: " + foreign.reason() + "; nothing was changed");
        }
        if (outcome instanceof Unstorable unstorable) {
            return Problem.of(
                    ProblemType.MALFORMED_REQUEST,
                    "the database cannot store 'owner': " + unstorable.reason()
                            + "; nothing was changed. Send one that its encoding has, such as ASCII");
        }
        if (outcome instanceof Overtaken overtaken) {
            return WriteProblems.overtaken(overtaken.current());
        }
        return WriteProblems.fenced(((Fenced) outcome).current());
    }

    @Needs(Verb.WRITE)
    @PostMapping("/close")
    ResponseEntity<?> close(@PathVariable("sink") String sinkId, @PathVariable("partition") String partition) {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        try (Place place = admission.enter(sinkId, 0).orThrow()) {
            place.bodyHasArrived();
            return json(snapshots.of(sink, partition, partitions.close(sink, partition)));
        }
    }

    @Needs(Verb.READ)
    @GetMapping("/receipts")
    ResponseEntity<?> receipts(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request) {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), Set.of("from", "to"), ProblemType.MALFORMED_REQUEST);
        long from = number(query, "from", 0);
        long to = number(query, "to", Long.MAX_VALUE);
        List<Receipt> found = partitions.receipts(sink, partition, from, to, RECEIPTS_PER_PAGE + 1);
        List<Receipt> page = found.subList(0, Math.min(found.size(), RECEIPTS_PER_PAGE));
        return json(new ReceiptsAnswer(
                sinkId,
                partition,
                page.stream()
                        .map(receipt -> new ReceiptAnswer(
                                receipt.first(),
                                receipt.end(),
                                receipt.count(),
                                receipt.fencingToken(),
                                receipt.committedAt()))
                        .toList(),
                found.size() > page.size() ? found.get(page.size()).first() : null));
    }

    private static long number(MultiValueMap<String, String> query, String name, long otherwise) {
        return Optional.ofNullable(query.getFirst(name))
                .map(text -> Query.number(name, text, ProblemType.MALFORMED_REQUEST))
                .orElse(otherwise);
    }

    private static ResponseEntity<?> json(Object body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
