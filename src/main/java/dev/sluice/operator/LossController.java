package dev.sluice.operator;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.ingest.Addressing;
import dev.sluice.partition.LossAcceptance;
import dev.sluice.partition.LossAcceptance.Accepted;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Accepts, by name, that a target has lost what was acknowledged. */
@RestController
@RequestMapping("/sinks/{sink}/accept")
class LossController {

    private static final String LOSS = "loss";
    private static final String REASON = "reason";
    private static final int LONGEST_LABEL = 100;

    /**
     * What was accepted.
     *
     * @param partitions those whose part of the target was lost; empty where it was the whole target
     */
    record LossAnswer(String sink, String loss, boolean target, List<String> partitions) {}

    private final Addressing addressing;
    private final LossAcceptance acceptance;
    private final ActBody body;

    LossController(Addressing addressing, LossAcceptance acceptance, ActBody body) {
        this.addressing = addressing;
        this.acceptance = acceptance;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping
    ResponseEntity<LossAnswer> accept(@PathVariable("sink") String id, HttpServletRequest request) throws IOException {
        ActMembers members = body.read(request, Set.of(LOSS, REASON), "{\"loss\": \"target-gone\"}");
        Loss loss = loss(members.string(LOSS, LONGEST_LABEL));
        String reason = members.text(REASON);
        SinkDefinition sink = addressing.sink(id);
        Accepted accepted = accept(sink, loss, reason);
        if (accepted.nothing()) {
            throw Problem.of(
                            ProblemType.NOTHING_LOST,
                            "the target of sink '" + id + "' is there and has what was acknowledged, as far as can be"
                                    + " told; nothing was changed")
                    .with("sink", id)
                    .exception();
        }
        List<Long> auditIds = accepted.auditIds();
        return Audited.with(ResponseEntity.ok(), auditIds.get(auditIds.size() - 1))
                .contentType(MediaType.APPLICATION_JSON)
                .body(new LossAnswer(id, loss.label(), accepted.target(), accepted.partitions()));
    }

    private Accepted accept(SinkDefinition sink, Loss loss, @Nullable String reason) {
        try {
            return acceptance.accept(sink, loss.label(), reason);
        } catch (LostTargetException e) {
            throw another(sink.id(), loss, e);
        } catch (PartitionFailure e) {
            if (e.target() instanceof LostTargetException lost) {
                throw another(sink.id(), loss, lost);
            }
            throw e;
        }
    }

    private static RuntimeException another(String sink, Loss loss, LostTargetException lost) {
        return Problem.of(
                        ProblemType.NOTHING_LOST,
                        "the loss is not " + loss.label() + " but "
                                + lost.loss().label() + ": " + lost.getMessage() + "; nothing was accepted")
                .with("sink", sink)
                .with(LOSS, lost.loss().label())
                .exception();
    }

    private static Loss loss(@Nullable String label) {
        return Arrays.stream(Loss.values())
                .filter(loss -> loss.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () -> ActBody.malformed("'loss' names the loss to accept, like {\"loss\": \"target-gone\"},"
                                + " but is " + (label == null ? "missing" : "\"" + label + "\"") + "; there are "
                                + Arrays.stream(Loss.values()).map(Loss::label).collect(Collectors.joining(", "))));
    }
}
