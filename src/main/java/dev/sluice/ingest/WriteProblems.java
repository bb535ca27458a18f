package dev.sluice.ingest;

import dev.sluice.batch.Batch;
import dev.sluice.commit.Obstacle;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Fenced;
import dev.sluice.commit.WriteOutcome.ForeignToken;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.commit.WriteOutcome.TokenRequired;
import dev.sluice.commit.WriteOutcome.TooScattered;
import dev.sluice.commit.WriteOutcome.UnknownToken;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.TooLargeException;
import dev.sluice.snapshot.Snapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The one place that turns what a batch or partition came to into a problem. */
final class WriteProblems {

    private WriteProblems() {}

    static Problem of(WriteOutcome outcome, Batch batch, Sent sent) {
        if (outcome instanceof TokenRequired required) {
            return tokenRequired(required.current());
        }
        if (outcome instanceof Fenced fenced) {
            return fenced(fenced.current());
        }
        if (outcome instanceof ForeignToken foreign) {
            return foreignToken(foreign.current());
        }
        if (outcome instanceof UnknownToken unknown) {
            return unknownToken(unknown.current());
        }
        if (outcome instanceof Conflict conflict) {
            return conflict(conflict);
        }
        if (outcome instanceof Gap gap) {
            return gap(gap, batch, sent);
        }
        if (outcome instanceof TooScattered scattered) {
            return tooScattered(scattered);
        }
        if (outcome instanceof Rejected rejected) {
            return Rejections.problem(rejected, batch, sent);
        }
        throw new IllegalArgumentException("no problem: " + ((Written) outcome).status());
    }

    private static Problem tokenRequired(Snapshot current) {
        String why = deleted(current)
                ? "the sink was deleted and defined anew, and its writers from before must not go on unawares"
                : "the partition was opened"
                        + current.voidedBy()
                                .map(number -> " before the database became another one (incarnation " + number + ")")
                                .orElse(" by '" + current.owner() + "'");
        return Problem.of(
                        ProblemType.FENCING_TOKEN_REQUIRED,
                        why + ", so every batch must carry the header Sluice-Fencing-Token. POST {\"owner\": \"…\"} to"
                                + " …/open for a token of your own"
                                + (deleted(current) ? "" : "; that fences the present writer off"))
                .with("owner", writer(current))
                .with("openedBy", current.openedBy())
                .with("incarnation", current.voidedBy().orElse(null))
                .with("since", current.openedAt())
                .with("nextOffset", current.nextOffset());
    }

    static Problem fenced(Snapshot current) {
        if (current.voidedBy().isPresent()) {
            return fenced(
                    current,
                    "the database was restored or promoted (incarnation "
                            + current.voidedBy().get()
                            + "), and all fencing tokens given out before are void. Open the partition again: its"
                            + " nextOffset tells what the database has");
        }
        String holder = "for it was never opened";
        if (current.opened()) {
            holder = deleted(current)
                    ? "for the sink was deleted and defined anew"
                    : "which '" + current.owner() + "' holds";
        }
        return fenced(
                current,
                "the fencing token is not the partition's current one (" + current.fencingToken() + "), " + holder
                        + ". Stop writing, or open the partition again");
    }

    private static Problem foreignToken(Snapshot current) {
        return fenced(
                current,
                "the fencing token is the partition's current one (" + current.fencingToken() + "), but "
                        + current.openedBy() + " has opened it as '" + current.owner() + "', and this request is from "
                        + Work.currentSender().name()
                        + "; nothing was written. Stop writing, or open the partition for a token of your own, which"
                        + " fences that writer off");
    }

    /* A token that nobody has opened stands for a deletion. */
    private static boolean deleted(Snapshot current) {
        return current.opened() && current.openedAt() == null;
    }

    static Problem overtaken(Snapshot current) {
        return fenced(
                current,
                "while this request was waiting, '" + current.owner() + "' opened the partition (token "
                        + current.fencingToken()
                        + "): nothing was taken back. If that was an earlier try of yours, go on"
                        + " with \"ifFencingToken\": " + current.fencingToken());
    }

    private static Problem fenced(Snapshot current, String detail) {
        return Problem.of(ProblemType.FENCED, detail)
                .with("fencingToken", current.fencingToken())
                .with("owner", writer(current))
                .with("openedBy", current.openedBy())
                .with("incarnation", current.voidedBy().orElse(null))
                .with("since", current.openedAt())
                .with("nextOffset", current.nextOffset());
    }

    /* Neither a deletion nor an incarnation of the database is one, though both raise the token. */
    private static @Nullable String writer(Snapshot current) {
        return deleted(current) || current.voidedBy().isPresent() ? null : current.owner();
    }

    private static Problem unknownToken(Snapshot current) {
        return Problem.of(
                        ProblemType.UNKNOWN_FENCING_TOKEN,
                        "the fencing token was never issued (or by a database that was restored since); the partition's current one is "
                                + current.fencingToken() + ". Use the one that …/open has answered")
                .with("fencingToken", current.fencingToken())
                .with("nextOffset", current.nextOffset());
    }

    private static Problem conflict(Conflict conflict) {
        String what = switch (conflict.difference()) {
            case OTHER_BYTES -> "another value was committed at offset " + conflict.offset();
            case RECORD_IN_HOLE ->
                "the batch has a record at offset " + conflict.offset() + ", where none was committed";
            case HOLE_OVER_RECORD ->
                "the batch has no record at offset " + conflict.offset() + ", where one was committed";
        };
        return Problem.of(
                        ProblemType.OFFSET_CONFLICT,
                        what + "; nothing was written. A replay must be the same bytes at the same offsets:"
                                + " do not send this batch again, find out why the writer's numbering has changed")
                .with("offset", conflict.offset())
                .with("nextOffset", conflict.current().nextOffset())
                .with("fencingToken", conflict.current().fencingToken());
    }

    private static Problem gap(Gap gap, Batch batch, Sent sent) {
        Snapshot current = gap.current();
        Obstacle obstacle = gap.obstacle();
        String begins =
                "the batch begins at " + batch.first() + ", but the next offset is " + current.nextOffset() + "; ";
        Problem problem = Problem.of(
                        ProblemType.OFFSET_GAP,
                        obstacle == null
                                ? begins
                                        + "nothing was written. Send what is missing first; a stream that does not begin"
                                        + " at the next offset advances "
                                        + (sent == Sent.WITH_KEYS ? "each partition " : "")
                                        + "to its first offset with an empty batch"
                                : begins + "the batch [" + obstacle.first() + ", " + obstacle.end()
                                        + ") before it was refused ("
                                        + type(obstacle).slug()
                                        + "), so that this one was not waited for and nothing was written. See to that"
                                        + " one first, then send this one again")
                .with("expectedOffset", current.nextOffset())
                .with("nextOffset", current.nextOffset())
                .with("fencingToken", current.fencingToken());
        return obstacle == null
                ? problem
                : problem.with(
                        "blockedBy",
                        new BlockedBy("/problems/" + type(obstacle).slug(), obstacle.first(), obstacle.end()));
    }

    private static ProblemType type(Obstacle obstacle) {
        return obstacle.conflict() ? ProblemType.OFFSET_CONFLICT : ProblemType.RECORD_REJECTED;
    }

    /**
     * The refused batch that others wait behind.
     *
     * @param end exclusive
     */
    record BlockedBy(String type, long offset, long end) {}

    private static Problem tooScattered(TooScattered scattered) {
        return Problem.of(
                        ProblemType.OFFSET_GAP,
                        "the batch would leave more than max-ranges=" + scattered.maxRanges()
                                + " separate ranges of settled offsets; nothing was written. Send what is missing"
                                + " first, from offset " + scattered.firstMissing() + " on")
                .with("expectedOffset", scattered.firstMissing())
                .with("nextOffset", scattered.current().nextOffset())
                .with("fencingToken", scattered.current().fencingToken());
    }

    static Problem of(PartitionFailure failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure.target() instanceof TooLargeException) {
            return Problem.of(ProblemType.TOO_LARGE, message + "; nothing was committed");
        }
        return switch (failure.kind()) {
            case BUSY ->
                Problem.of(ProblemType.BUSY, message + "; nothing was written").retryAfter(retryAfter(failure, 1));
            case PARTIAL -> PartialFailures.problem(failure, message);
            case OVERLOADED ->
                Problem.of(ProblemType.OVERLOADED, message + "; nothing was written")
                        .retryAfter(2);
            case STORAGE_UNAVAILABLE ->
                Problem.of(ProblemType.STORAGE_UNAVAILABLE, message + "; nothing was written")
                        .retryAfter(2);
            case TARGET_UNAVAILABLE ->
                Problem.of(ProblemType.TARGET_UNAVAILABLE, message + "; nothing was committed")
                        .retryAfter(retryAfter(failure, 2));
            case OUTCOME_UNKNOWN ->
                Problem.of(
                                ProblemType.OUTCOME_UNKNOWN,
                                message + ". Repeat the same request: its answer tells whether this one was committed")
                        .retryAfter(retryAfter(failure, 1));
            case TARGET_BROKEN -> broken(failure, message);
            case INTERNAL ->
                Problem.of(
                        ProblemType.INTERNAL_ERROR,
                        message + "; nothing was written. The service's log has the details");
        };
    }

    private static Problem broken(PartitionFailure failure, String message) {
        return failure.target() instanceof LostTargetException lost
                ? Problem.of(
                                ProblemType.TARGET_BROKEN,
                                message + "; nothing was committed. If it cannot be brought back: POST {\"loss\": \""
                                        + lost.loss().label() + "\"} to /sinks/{sink}/accept")
                        .with("loss", lost.loss().label())
                : Problem.of(ProblemType.TARGET_BROKEN, message + "; nothing was committed");
    }

    /** Returns the seconds that the target wants to be left alone, or else {@code otherwise}. */
    static int retryAfter(PartitionFailure failure, int otherwise) {
        SinkException target = failure.target();
        Duration wanted = target == null ? null : target.retryAfter();
        return wanted == null ? otherwise : (int) Math.max(1, Math.min(wanted.toSeconds() + 1, 86_400));
    }
}
