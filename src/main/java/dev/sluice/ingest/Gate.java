package dev.sluice.ingest;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.control.Pause;
import dev.sluice.partition.IntakeGate;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Refuses batches where an operator has paused what they are for: when a request comes, and again when its body has
 * arrived, which may be much later.
 */
@Component
class Gate {

    private static final long LONGEST_RETRY_AFTER = 30;

    private final IntakeGate intake;

    Gate(IntakeGate intake) {
        this.intake = intake;
    }

    /** Returns why a batch of a partition is refused now, empty if it may go on. */
    Optional<Problem> refusal(SinkDefinition sink, String partition) {
        return refusal(() -> intake.closed(sink, partition))
                .map(problem -> problem.with("sink", sink.id()).with("partition", partition));
    }

    /** Returns why a keyed batch is refused now, which is for all partitions of a sink; empty if it may go on. */
    Optional<Problem> refusal(SinkDefinition sink) {
        return refusal(() -> intake.closed(sink)).map(problem -> problem.with("sink", sink.id()));
    }

    private static Optional<Problem> refusal(Supplier<Optional<Pause>> closed) {
        try {
            return closed.get().map(Gate::problem);
        } catch (PartitionFailure e) {
            return Optional.of(WriteProblems.of(e));
        }
    }

    private static Problem problem(Pause pause) {
        String whole = pause.scope().text();
        return Problem.of(
                        ProblemType.PAUSED,
                        "the intake of '" + whole + "' is paused by "
                                + (pause.by() == null ? "an operator" : pause.by()) + " since " + pause.since()
                                + (pause.until() == null ? "" : " until " + pause.until()) + ": " + pause.reason()
                                + "; nothing was written. Keep the batch and send it again later, the same bytes at the"
                                + " same offsets; reads and open go on. It ends with POST " + path(pause) + "/resume")
                .with("paused", whole)
                .with("by", pause.by())
                .with("since", pause.since())
                .with("until", pause.until())
                .with("reason", pause.reason())
                .retryAfter(pause.secondsLeft(LONGEST_RETRY_AFTER));
    }

    private static String path(Pause pause) {
        String partition = pause.scope().partition();
        return "/sinks/" + pause.scope().sink() + (partition == null ? "" : "/partitions/" + partition);
    }
}
