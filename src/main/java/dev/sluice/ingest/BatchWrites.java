package dev.sluice.ingest;

import dev.sluice.access.Verb;
import dev.sluice.admission.Admission;
import dev.sluice.admission.Entry;
import dev.sluice.admission.Entry.Refused;
import dev.sluice.admission.Place;
import dev.sluice.batch.Batch;
import dev.sluice.body.BatchParser;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.Numbering;
import dev.sluice.body.WriteQuery;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.commit.WriteRequest;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.delivery.DeliveryTraces;
import dev.sluice.delivery.DeliveryWatch;
import dev.sluice.partition.Partitions;
import dev.sluice.partition.Workers;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Timeline;
import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import dev.sluice.security.Access;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Reads a request with a batch and answers it. What headers and query alone can tell is told before the body is read. */
@Component
class BatchWrites {

    /* A body that takes longer may outlast the key by which it was begun. */
    private static final long SECONDS_AFTER_A_GAP = 1;
    static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Access access;
    private final Addressing addressing;
    private final Admission admission;
    private final BatchParser parser;
    private final Partitions partitions;
    private final Workers workers;
    private final DeliveryWatch deliveries;
    private final Gate gate;
    private final AnswerWriter answers;
    private final SnapshotAnswers snapshots;
    private final WriteMeters meters;
    private final DeliveryTraces traces;

    BatchWrites(
            Access access,
            Addressing addressing,
            Admission admission,
            BatchParser parser,
            Partitions partitions,
            Workers workers,
            DeliveryWatch deliveries,
            Gate gate,
            AnswerWriter answers,
            SnapshotAnswers snapshots,
            WriteMeters meters,
            DeliveryTraces traces) {
        this.access = access;
        this.addressing = addressing;
        this.admission = admission;
        this.parser = parser;
        this.partitions = partitions;
        this.workers = workers;
        this.deliveries = deliveries;
        this.gate = gate;
        this.answers = answers;
        this.snapshots = snapshots;
        this.meters = meters;
        this.traces = traces;
    }

    /** Writes the answer, or returns the problem. */
    Optional<Problem> write(String sinkId, String partition, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        long begunAt = System.nanoTime();
        access.require(sinkId, Verb.WRITE);
        SinkDefinition sink = addressing.sinkWith(sinkId, partition);
        BodyFormat format = WriteHeaders.format(request);
        WriteQuery query = WriteQuery.parse(request.getQueryString());
        Long fencingToken = WriteHeaders.fencingToken(request);
        if (sink.stateless() && fencingToken != null) {
            throw Problem.of(
                            ProblemType.MALFORMED_BATCH,
                            "this sink has workers, which are never opened: leave out the header "
                                    + WriteHeaders.FENCING_TOKEN)
                    .exception();
        }
        if (!sink.stateless()) {
            WriteHeaders.refuseOffset(request, format, query);
        } else if (query.wantsSnapshot()) {
            throw Problem.of(ProblemType.MALFORMED_BATCH, "this sink has workers, which have no snapshot to answer")
                    .exception();
        }
        Preferences preferences = Preferences.of(request);
        Optional<Problem> refusal = gate.refusal(sink, partition).or(() -> busy(sink, partition, request));
        if (refusal.isPresent()) {
            return refusal;
        }
        Entry entry = admission.enter(sinkId, request.getContentLengthLong());
        if (entry instanceof Refused refused) {
            return Optional.of(refused.problem().with("partition", partition));
        }
        Reply reply;
        try (Place place = entry.orThrow();
                Batch batch = batch(place, sink, format, query, request)) {
            place.bodyHasArrived();
            if (System.nanoTime() - begunAt > LONG_NANOS) {
                access.requireStill(sinkId, Verb.WRITE, request);
            }
            refusal = gate.refusal(sink, partition);
            if (refusal.isPresent()) {
                return refusal;
            }
            received(sink, partition, batch);
            reply = sink.stateless()
                    ? deliver(sink, partition, batch, query.dryRun())
                    : commit(sink, partition, batch, fencingToken, query, preferences);
        }
        // What the batch has held is given back by now: whoever reads the answer may count on it, and take its time.
        if (reply.answer() != null) {
            answers.write(response, reply.status(), reply.applied(), reply.answer());
        }
        return Optional.ofNullable(reply.problem());
    }

    private Optional<Problem> busy(SinkDefinition sink, String partition, HttpServletRequest request) {
        try {
            partitions.requireRoomFor(sink, partition, Math.max(0, request.getContentLengthLong()));
            return Optional.empty();
        } catch (PartitionFailure e) {
            return Optional.of(WriteProblems.of(e).with("sink", sink.id()).with("partition", partition));
        }
    }

    private Batch batch(
            Place place, SinkDefinition sink, BodyFormat format, WriteQuery query, HttpServletRequest request)
            throws IOException {
        try (InputStream body = Decompression.of(
                place.watched(request.getInputStream()),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                parser.limits())) {
            return parser.parse(body, format, query, numbering(sink));
        }
    }

    /** A problem, or an answer. */
    private record Reply(
            @Nullable Problem problem,
            HttpStatus status,
            String applied,
            @Nullable Object answer) {

        static Reply of(WriteOutcome outcome, Batch batch, Sent sent, String sink, String partition) {
            Problem problem =
                    WriteProblems.of(outcome, batch, sent).with("sink", sink).with("partition", partition);
            return new Reply(problem, HttpStatus.OK, "", null);
        }

        Reply afterGap(Preferences preferences, boolean waited) {
            if (problem != null) {
                problem.retryAfter(SECONDS_AFTER_A_GAP);
                if (waited) {
                    problem.applied(preferences.waiting());
                }
            }
            return this;
        }
    }

    private Reply commit(
            SinkDefinition sink,
            String partition,
            Batch batch,
            @Nullable Long fencingToken,
            WriteQuery query,
            Preferences preferences) {
        requireRoomFor(sink, batch.count());
        WriteOutcome outcome;
        try {
            outcome = partitions.write(
                    sink,
                    partition,
                    new WriteRequest(
                            batch,
                            fencingToken,
                            Work.currentSender().known(),
                            false,
                            query.dryRun(),
                            preferences.strict(),
                            preferences.patience(),
                            Work.currentTrace()));
        } catch (PartitionFailure e) {
            if (!query.dryRun()) {
                meters.failed(sink.id(), e);
            }
            throw e;
        }
        decided(sink, outcome, query.dryRun());
        if (outcome instanceof Written written) {
            return accepted(sink, partition, batch, written, query, preferences);
        }
        Reply refused = Reply.of(outcome, batch, Sent.TO_PARTITION, sink.id(), partition);
        return outcome instanceof Gap gap && !preferences.patience().isZero()
                ? refused.afterGap(preferences, gap.obstacle() == null)
                : refused;
    }

    /* Of those that are recorded: what is sent on to a buffer is delivered by another trace, which has a link to this. */
    private void received(SinkDefinition sink, String partition, Batch batch) {
        Trace trace = Work.currentTrace();
        Timeline timeline = trace == null ? null : trace.timeline();
        if (trace != null && timeline != null) {
            timeline.received(batch.first(), batch.count());
            if (sink.sink() instanceof AcceptingSink) {
                traces.carry(new PartitionKey(sink.id(), partition), batch.first(), batch.end(), trace);
            }
        }
    }

    private void decided(SinkDefinition sink, WriteOutcome outcome, boolean dryRun) {
        Timeline timeline = Work.currentTimeline();
        if (timeline != null) {
            timeline.decided();
        }
        if (!dryRun) {
            meters.decided(sink.id(), outcome);
        }
        if (outcome instanceof Written written) {
            Work.succeeded(dryRun ? WriteMeters.DRY_RUN : WriteMeters.name(written.status()));
        }
    }

    private static Numbering numbering(SinkDefinition sink) {
        if (sink.stateless()) {
            return Numbering.NONE;
        }
        return sink.anyOrder() ? Numbering.ANY_ORDER : Numbering.IN_ORDER;
    }

    /* Told to wait for room, its writer would wait for ever. */
    static void requireRoomFor(SinkDefinition sink, long records) {
        if (sink.sink() instanceof AcceptingSink accepting && records > accepting.maxBacklog()) {
            throw Problem.of(
                            ProblemType.TOO_LARGE,
                            "the batch has " + records + " records, but at most max-backlog=" + accepting.maxBacklog()
                                    + " may wait to be delivered; nothing was written. Send smaller batches")
                    .exception();
        }
    }

    private Reply deliver(SinkDefinition sink, String worker, Batch batch, boolean dryRun) {
        WriteOutcome outcome = workers.write(sink, worker, batch, dryRun);
        decided(sink, outcome, dryRun);
        return outcome instanceof Written written
                ? new Reply(null, HttpStatus.OK, "", WorkerAnswer.of(sink, worker, written, dryRun))
                : Reply.of(outcome, batch, Sent.TO_WORKER, sink.id(), worker);
    }

    /** Answers for a batch that is committed, once it is delivered too if the writer wants to wait for that. */
    private Reply accepted(
            SinkDefinition sink,
            String partition,
            Batch batch,
            Written written,
            WriteQuery query,
            Preferences preferences) {
        HttpStatus status = HttpStatus.OK;
        Long delivered = SnapshotAnswer.delivered(sink, written.deliveredOffset());
        if (delivered != null && query.awaitsDelivery() && !query.dryRun()) {
            delivered = deliveries.await(
                    new PartitionKey(sink.id(), partition),
                    batch.end(),
                    preferences.patience().isZero() ? Preferences.LONGEST_WAIT : preferences.patience());
            status = delivered < batch.end() ? HttpStatus.ACCEPTED : HttpStatus.OK;
        }
        SnapshotAnswer snapshot = query.wantsSnapshot() && !query.dryRun() ? snapshots.current(sink, partition) : null;
        return new Reply(
                null,
                status,
                preferences.applied(sink),
                WriteAnswer.of(sink, partition, batch, written, delivered, snapshot, query.dryRun()));
    }
}
