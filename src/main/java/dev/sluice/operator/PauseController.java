package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.control.ControlAnswer;
import dev.sluice.control.Effect;
import dev.sluice.control.Flow;
import dev.sluice.control.Pausing;
import dev.sluice.control.Pausing.Change;
import dev.sluice.control.Pausing.Wish;
import dev.sluice.control.Scope;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.ingest.Addressing;
import dev.sluice.partition.Partitions;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pauses, drains and resumes sinks and partitions. */
@RestController
@RequestMapping("/sinks/{sink}")
class PauseController {

    private static final String PARTITION = "/partitions/{partition}";
    private static final String EXAMPLE = "{\"what\": \"intake\", \"reason\": \"the target is being moved\"}";

    /**
     * What has become of it.
     *
     * @param control what is paused of the sink or the partition now, or would be
     * @param effectiveOn how many of the living replicas do so by now; absent where nothing has changed
     * @param auditId absent where nothing has changed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PauseAnswer(
            String sink,
            @Nullable String partition,
            List<ControlAnswer> control,
            @Nullable String effectiveOn,
            @Nullable Boolean dryRun,
            @Nullable Long auditId) {}

    private final SinkCatalog catalog;
    private final Addressing addressing;
    private final Partitions partitions;
    private final Pausing pausing;
    private final Controls controls;
    private final ActBody body;

    PauseController(
            SinkCatalog catalog,
            Addressing addressing,
            Partitions partitions,
            Pausing pausing,
            Controls controls,
            ActBody body) {
        this.catalog = catalog;
        this.addressing = addressing;
        this.partitions = partitions;
        this.pausing = pausing;
        this.controls = controls;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping({"/pause", PARTITION + "/pause"})
    ResponseEntity<PauseAnswer> pause(
            @PathVariable("sink") String sinkId,
            @PathVariable(name = "partition", required = false) @Nullable String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = partition == null ? addressing.sink(sinkId) : addressing.sinkWith(sinkId, partition);
        ActMembers members = body.read(request, Set.of("what", "until", "reason", "ifVersion"), EXAMPLE);
        String what = members.text("what");
        if (what == null) {
            throw ActBody.malformed("'what' is missing: intake, delivery or both, like " + EXAMPLE);
        }
        if (flows(what).equals(Set.of(Flow.DELIVERY)) && !(sink.sink() instanceof AcceptingSink)) {
            throw ActBody.malformed("the sink '" + sinkId + "' is of type " + sink.type()
                    + ", which writes to its target before it answers: there is no delivery to pause, only its intake");
        }
        return answer(sink, partition, request, members, flows(what), until(members), pausing::pause);
    }

    @Needs(Verb.OPERATE)
    @PostMapping({"/resume", PARTITION + "/resume"})
    ResponseEntity<PauseAnswer> resume(
            @PathVariable("sink") String sinkId,
            @PathVariable(name = "partition", required = false) @Nullable String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = partition == null ? addressing.sink(sinkId) : addressing.sinkWith(sinkId, partition);
        ActMembers members =
                body.read(request, Set.of("what", "reason", "ifVersion"), "{\"reason\": \"the target is back\"}");
        String what = members.text("what");
        return answer(sink, partition, request, members, flows(what == null ? "both" : what), null, pausing::resume);
    }

    @Needs(Verb.OPERATE)
    @PostMapping({"/drain", PARTITION + "/drain"})
    ResponseEntity<PauseAnswer> drain(
            @PathVariable("sink") String sinkId,
            @PathVariable(name = "partition", required = false) @Nullable String partition,
            HttpServletRequest request)
            throws IOException {
        SinkDefinition sink = partition == null ? addressing.sink(sinkId) : addressing.sinkWith(sinkId, partition);
        ActMembers members = body.read(
                request, Set.of("until", "reason", "ifVersion"), "{\"reason\": \"the table is to be moved\"}");
        return answer(sink, partition, request, members, Set.of(Flow.INTAKE), until(members), pausing::drain);
    }

    private ResponseEntity<PauseAnswer> answer(
            SinkDefinition sink,
            @Nullable String partition,
            HttpServletRequest request,
            ActMembers members,
            Set<Flow> flows,
            @Nullable Instant until,
            Function<Wish, Change> act) {
        boolean dryRun = ActBody.dryRun(request);
        Long ifVersion = members.ifVersion();
        Change change = act.apply(new Wish(
                new Scope(sink.id(), partition),
                flows,
                until,
                members.reason(),
                () -> requireVersion(sink, partition, ifVersion),
                dryRun));
        Effect effect = change.effect();
        return Audited.with(ResponseEntity.ok(), change.auditId())
                .contentType(MediaType.APPLICATION_JSON)
                .body(new PauseAnswer(
                        sink.id(),
                        partition,
                        controls.shown(change.after()),
                        effect == null ? null : effect.text(),
                        dryRun ? true : null,
                        change.auditId()));
    }

    private void requireVersion(SinkDefinition sink, @Nullable String partition, @Nullable Long expected) {
        if (expected == null) {
            return;
        }
        long version = partition == null || sink.stateless()
                ? catalog.revision(sink)
                : partitions.snapshot(sink, partition).version();
        if (version != expected) {
            throw Problem.of(
                            ProblemType.VERSION_CONFLICT,
                            (partition == null || sink.stateless()
                                            ? "the definition of '" + sink.id() + "' has revision "
                                            : "the snapshot of '" + sink.id() + "/" + partition + "' has version ")
                                    + version + ", not " + expected
                                    + "; nothing was changed. Look at it again, then decide")
                    .with("sink", sink.id())
                    .with("partition", partition)
                    .with("version", version)
                    .exception();
        }
    }

    private static @Nullable Instant until(ActMembers members) {
        Instant until = members.time("until");
        if (until != null && !until.isAfter(Instant.now())) {
            throw ActBody.malformed("'until' is over already: " + until);
        }
        return until;
    }

    private static Set<Flow> flows(String what) {
        return switch (what) {
            case "intake" -> Set.of(Flow.INTAKE);
            case "delivery" -> Set.of(Flow.DELIVERY);
            case "both" -> Set.of(Flow.INTAKE, Flow.DELIVERY);
            default -> throw ActBody.malformed("'what' must be intake, delivery or both, but is \"" + what + "\"");
        };
    }
}
