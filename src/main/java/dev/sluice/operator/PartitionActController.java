package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.partition.ActOutcome;
import dev.sluice.partition.ActOutcome.Changed;
import dev.sluice.partition.ActOutcome.Done;
import dev.sluice.partition.ActOutcome.Gone;
import dev.sluice.partition.ActOutcome.Overtaken;
import dev.sluice.partition.ActOutcome.Refused;
import dev.sluice.partition.ActRequest;
import dev.sluice.partition.Partitions;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes partitions over, and lets them stand elsewhere. */
@RestController
@RequestMapping("/sinks/{sink}/partitions/{partition}")
class PartitionActController {

    private static final String RESET = "{\"nextOffset\": 5000, \"reason\": \"the upstream topic was cut\"}";
    private static final String TAKE_OVER = "{\"owner\": \"loader-8\", \"reason\": \"loader-7 hangs\"}";
    private static final String RESET_BY = "(reset by an operator)";

    /**
     * Who wrote before, and is refused from now on.
     *
     * @param owner null where the partition was never opened: then writers without a token are refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FencedAnswer(
            @Nullable String owner,
            @Nullable String openedBy,
            @Nullable Instant since,
            long fencingToken) {

        static FencedAnswer of(Snapshot before) {
            return new FencedAnswer(before.owner(), before.openedBy(), before.openedAt(), before.fencingToken());
        }
    }

    /** Offsets that are settled without a record: {@code [first, end)}. */
    record HoleAnswer(long first, long end) {}

    /**
     * What goes.
     *
     * @param records of the receipts at or above the offset
     * @param receipts rows of the ledger
     * @param deadLetters kept ones at or above the offset, whatever has become of them
     * @param complete whether there are receipts for all that goes
     */
    record GoneAnswer(long records, long receipts, long deadLetters, boolean complete) {

        static GoneAnswer of(Gone gone) {
            return new GoneAnswer(
                    gone.above().records(),
                    gone.above().receipts(),
                    gone.deadLetters(),
                    gone.above().complete());
        }
    }

    /**
     * What was done, or would be.
     *
     * @param from where it stood
     * @param fencingToken the new one; absent on a dry run
     * @param version of the snapshot; on a dry run the present one
     * @param hole what is given up
     * @param gone what goes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ActAnswer(
            String sink,
            String partition,
            long from,
            long nextOffset,
            @Nullable Long fencingToken,
            long version,
            @Nullable String owner,
            FencedAnswer fenced,
            @Nullable HoleAnswer hole,
            @Nullable GoneAnswer gone,
            @Nullable Boolean dryRun,
            @Nullable Long auditId) {}

    private final Addressing addressing;
    private final Partitions partitions;
    private final ActBody body;

    PartitionActController(Addressing addressing, Partitions partitions, ActBody body) {
        this.addressing = addressing;
        this.partitions = partitions;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/reset")
    ResponseEntity<?> reset(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        ActMembers members = body.read(request, Set.of("nextOffset", "state", "owner", "reason", "ifVersion"), RESET);
        long nextOffset = members.required("nextOffset", "where the partition is to stand");
        String state = members.json("state");
        if (state != null && sink.partitioned().stateType() == Void.class) {
            throw ActBody.malformed("there is a 'state', but the sink '" + sinkId + "' keeps none");
        }
        String owner = Objects.requireNonNullElse(members.text("owner"), RESET_BY);
        return answer(sink, partition, "reset", request, members, owner, nextOffset, state);
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/take-over")
    ResponseEntity<?> takeOver(
            @PathVariable("sink") String sinkId,
            @PathVariable("partition") String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = addressing.partitionedWith(sinkId, partition);
        ActMembers members = body.read(request, Set.of("owner", "reason", "ifVersion"), TAKE_OVER);
        String owner = members.text("owner");
        if (owner == null) {
            throw ActBody.malformed("'owner' is missing: who writes from now on, like " + TAKE_OVER);
        }
        return answer(sink, partition, "take-over", request, members, owner, null, null);
    }

    private ResponseEntity<?> answer(
            SinkDefinition sink,
            String partition,
            String action,
            HttpServletRequest request,
            ActMembers members,
            String owner,
            @Nullable Long nextOffset,
            @Nullable String state) {
        boolean dryRun = ActBody.dryRun(request);
        ActRequest wanted = new ActRequest(owner, nextOffset, state, members.reason(), members.ifVersion(), dryRun);
        ActOutcome outcome = partitions.act(sink, partition, action, wanted);
        return outcome instanceof Done done
                ? done(sink, partition, done, dryRun)
                : problem(outcome, wanted)
                        .with("sink", sink.id())
                        .with("partition", partition)
                        .answer();
    }

    private static ResponseEntity<ActAnswer> done(SinkDefinition sink, String partition, Done done, boolean dryRun) {
        Snapshot before = done.before();
        Snapshot after = done.after();
        boolean forward = after.nextOffset() > before.nextOffset();
        Gone gone = done.gone();
        return Audited.with(ResponseEntity.ok(), done.auditId())
                .contentType(MediaType.APPLICATION_JSON)
                .body(new ActAnswer(
                        sink.id(),
                        partition,
                        before.nextOffset(),
                        after.nextOffset(),
                        dryRun ? null : after.fencingToken(),
                        after.version(),
                        dryRun ? null : after.owner(),
                        FencedAnswer.of(before),
                        forward ? new HoleAnswer(before.nextOffset(), after.nextOffset()) : null,
                        gone == null ? null : GoneAnswer.of(gone),
                        dryRun ? true : null,
                        done.auditId()));
    }

    private static Problem problem(ActOutcome outcome, ActRequest wanted) {
        if (outcome instanceof Changed changed) {
            return Problem.of(
                            ProblemType.VERSION_CONFLICT,
                            "the snapshot has version " + changed.current().version() + ", not " + wanted.ifVersion()
                                    + ": something was written or opened since you looked; nothing was changed. Look at"
                                    + " it again, then decide")
                    .with("version", changed.current().version())
                    .with("nextOffset", changed.current().nextOffset());
        }
        if (outcome instanceof Overtaken overtaken) {
            return Problem.of(
                            ProblemType.FENCED,
                            "while this request was waiting, '"
                                    + overtaken.current().owner() + "' opened the partition; nothing was changed")
                    .with("fencingToken", overtaken.current().fencingToken())
                    .with("owner", overtaken.current().owner())
                    .with("nextOffset", overtaken.current().nextOffset());
        }
        Refused refused = (Refused) outcome;
        return Problem.of(
                        ProblemType.NOT_RESETTABLE,
                        "the partition stands at " + refused.current().nextOffset() + " and cannot be set to "
                                + wanted.nextOffset() + ": " + refused.reason() + "; nothing was changed")
                .with("nextOffset", refused.current().nextOffset());
    }
}
