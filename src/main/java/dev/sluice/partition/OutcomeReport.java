package dev.sluice.partition;

import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.outcome.Fault;
import dev.sluice.outcome.Outcomes;
import dev.sluice.outcome.Outcomes.Activity;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reports what became of writes: only what says something of the target or the storage. */
@Component
class OutcomeReport {

    private final Outcomes outcomes;

    OutcomeReport(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /* A duplicate says nothing of a target that was not asked, except of a first try whose outcome was unknown. */
    void answered(PartitionKey key, WriteOutcome outcome) {
        if (outcome instanceof Written written) {
            if (written.status() == Status.DUPLICATE) {
                outcomes.settled(Activity.WRITE, key.sink(), key.partition());
            } else {
                outcomes.succeeded(Activity.WRITE, key.sink(), key.partition());
            }
        }
    }

    void failed(PartitionKey key, PartitionFailure failure) {
        fault(failure).ifPresent(fault -> outcomes.failed(Activity.WRITE, key.sink(), key.partition(), fault));
    }

    /** A partition could not be looked at, which says nothing of the others. */
    void failedAlone(PartitionKey key, PartitionFailure failure) {
        fault(failure).ifPresent(fault -> outcomes.failedAlone(Activity.WRITE, key.sink(), key.partition(), fault));
    }

    /** All partitions of a sink failed together. */
    void failed(String sink, PartitionFailure failure) {
        fault(failure).ifPresent(fault -> outcomes.failed(Activity.WRITE, sink, null, fault));
    }

    /** A sink is not the same any more. */
    void forget(String sink) {
        outcomes.forget(sink);
    }

    private static Optional<Fault> fault(PartitionFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case BUSY, OVERLOADED -> Optional.empty();
            case PARTIAL -> isTargetsFault(failure) ? fault("partial-failure", message) : Optional.empty();
            case INTERNAL -> fault("internal-error", message);
            case STORAGE_UNAVAILABLE, TARGET_UNAVAILABLE, OUTCOME_UNKNOWN, TARGET_BROKEN ->
                fault(failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), message);
        };
    }

    private static Optional<Fault> fault(String problem, String message) {
        return Optional.of(new Fault(problem, message));
    }

    /* Of a fan-out that has failed because a target refuses records, or is busy, and of no other reason: no. */
    private static boolean isTargetsFault(PartitionFailure failure) {
        return !(failure.target() instanceof PartialFailureException partial)
                || partial.children().stream().anyMatch(child -> isTargetsFault(child.failure()));
    }

    private static boolean isTargetsFault(@Nullable SinkException failure) {
        return failure != null
                && failure.disposition() != Disposition.REJECTED
                && failure.disposition() != Disposition.BUSY;
    }
}
