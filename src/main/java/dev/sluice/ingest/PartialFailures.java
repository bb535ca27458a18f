package dev.sluice.ingest;

import dev.sluice.commit.PartitionFailure;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.PartialFailureException.Child;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.TooLargeException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells of a sink made of sinks which of them have a batch and which do not. */
final class PartialFailures {

    /**
     * One child.
     *
     * @param state whether it has the batch: {@code committed} or {@code failed}
     * @param problem the slug of the problem's type, null if it has the batch
     */
    record ChildAnswer(
            String sink,
            String partition,
            String state,
            @Nullable Long nextOffset,
            @Nullable String problem,
            @Nullable String detail,
            @Nullable Boolean retryable,
            @Nullable List<RejectedRecord> rejected) {

        static ChildAnswer of(Child child) {
            SinkException failure = child.failure();
            if (failure == null) {
                return new ChildAnswer(
                        child.sink(), child.partition(), "committed", child.nextOffset(), null, null, null, null);
            }
            ProblemType type =
                    failure instanceof TooLargeException ? ProblemType.TOO_LARGE : type(failure.disposition());
            return new ChildAnswer(
                    child.sink(),
                    child.partition(),
                    "failed",
                    child.nextOffset(),
                    type.slug(),
                    failure.getMessage(),
                    type.retryable(),
                    failure.rejected().isEmpty() ? null : failure.rejected());
        }
    }

    private PartialFailures() {}

    static Problem problem(PartitionFailure failure, String message) {
        if (!(failure.target() instanceof PartialFailureException partial)) {
            throw new IllegalArgumentException("not a partial failure", failure);
        }
        boolean retryable = type(partial.disposition()).retryable();
        Problem problem = Problem.of(
                        ProblemType.PARTIAL_FAILURE,
                        message
                                + (retryable
                                        ? ". Repeat the same request: it reaches only those that lack the batch"
                                        : ". Repeating does not help until what is wrong there is mended"))
                .with("retryable", retryable)
                .with("offset", firstRefused(partial))
                .with(
                        "children",
                        partial.children().stream().map(ChildAnswer::of).toList());
        return retryable ? problem.retryAfter(WriteProblems.retryAfter(failure, 1)) : problem;
    }

    private static @Nullable Long firstRefused(PartialFailureException partial) {
        return partial.children().stream()
                .flatMap(child -> Stream.ofNullable(child.failure()))
                .flatMap(failure -> failure.rejected().stream())
                .map(RejectedRecord::offset)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static ProblemType type(Disposition disposition) {
        return switch (disposition) {
            case REJECTED -> ProblemType.RECORD_REJECTED;
            case UNAVAILABLE -> ProblemType.TARGET_UNAVAILABLE;
            case BUSY -> ProblemType.BUSY;
            case OUTCOME_UNKNOWN -> ProblemType.OUTCOME_UNKNOWN;
            case BROKEN -> ProblemType.TARGET_BROKEN;
        };
    }
}
