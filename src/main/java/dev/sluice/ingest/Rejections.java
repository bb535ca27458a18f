package dev.sluice.ingest;

import dev.sluice.batch.Batch;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.RejectedRecord;
import org.jspecify.annotations.Nullable;

/** Tells which records a target refuses, and what their writer can do about it. */
final class Rejections {

    private Rejections() {}

    static Problem problem(Rejected rejected, Batch batch, Sent sent) {
        if (rejected.reason() != null) {
            return Problem.of(
                            ProblemType.RECORD_REJECTED,
                            "the target refuses the batch: " + rejected.reason() + "; nothing was committed. "
                                    + (batch.count() == 1 ? one(sent) : several(sent)) + bound(rejected))
                    .with("offset", firstOffset(rejected, sent))
                    .with("rejected", rejected.records())
                    .with("complete", false);
        }
        return Problem.of(
                        ProblemType.RECORD_REJECTED,
                        "the target refuses " + which(rejected, sent) + "; nothing was written. Correct these records"
                                + otherwise(sent) + bound(rejected))
                .with("offset", firstOffset(rejected, sent))
                .with("rejected", rejected.records())
                .with("complete", rejected.complete());
    }

    /* By it an operator, who is not told of the records, knows which one it is. */
    private static @Nullable Long firstOffset(Rejected rejected, Sent sent) {
        return sent == Sent.TO_WORKER || rejected.records().isEmpty()
                ? null
                : Long.valueOf(rejected.records().get(0).offset());
    }

    private static String bound(Rejected rejected) {
        return rejected.bound() == null ? "" : ". They are not settled as dead letters, because of " + rejected.bound();
    }

    private static String which(Rejected rejected, Sent sent) {
        if (rejected.records().isEmpty()) {
            return "more records than are listed";
        }
        RejectedRecord first = rejected.records().get(0);
        int count = rejected.records().size();
        return count
                + (rejected.complete() ? "" : " or more")
                + (count == 1 ? " record, at " : " records, the first at ")
                + (sent == Sent.TO_WORKER ? "index " : "offset ")
                + first.offset()
                + ": "
                + first.message();
    }

    private static String otherwise(Sent sent) {
        return switch (sent) {
            case TO_PARTITION -> ", or send the batch without them and declare their offsets as holes";
            case WITH_KEYS ->
                ", or put values in their places that the target accepts: a stream with keys has no holes";
            case TO_WORKER -> ", or send the batch without them";
        };
    }

    private static String several(Sent sent) {
        return switch (sent) {
            case TO_PARTITION, TO_WORKER ->
                "Correct the batch, or send its records one by one to find those that are refused";
            case WITH_KEYS -> "Correct the batch, or send it in smaller ones to find the records that are refused";
        };
    }

    private static String one(Sent sent) {
        return "Correct the record"
                + switch (sent) {
                    case TO_PARTITION -> ", or declare its offset as a hole";
                    case WITH_KEYS -> ", or put a value in its place that the target accepts";
                    case TO_WORKER -> ", or leave it out";
                };
    }
}
