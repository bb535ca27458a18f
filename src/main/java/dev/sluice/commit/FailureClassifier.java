package dev.sluice.commit;

import dev.sluice.batch.SpoolFullException;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SqlStates;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.HeuristicCompletionException;
import org.springframework.transaction.TransactionException;

/** Tells from an exception what failed, and whether trying again or alone can help. */
public final class FailureClassifier {

    private static final Logger log = LoggerFactory.getLogger(FailureClassifier.class);

    private static final BoundedLog UNEXPECTED = new BoundedLog(log, 10, Duration.ofMinutes(1));

    private FailureClassifier() {}

    public static PartitionFailure classify(RuntimeException e) {
        if (e instanceof PartitionFailure failure) {
            return failure;
        }
        PartitionFailure failure = classifyNew(e);
        switch (failure.kind()) {
            case INTERNAL -> UNEXPECTED.error("An unexpected failure, nothing was committed", e);
            default -> log.debug("{}: {}", failure.kind(), failure.getMessage());
        }
        return failure;
    }

    private static PartitionFailure classifyNew(RuntimeException e) {
        if (e instanceof HeuristicCompletionException) {
            return new PartitionFailure(
                    Kind.OUTCOME_UNKNOWN,
                    "the commit was sent, but its outcome is unknown: " + DatabaseFailure.describe(e),
                    e);
        }
        if (e instanceof SinkException sink) {
            return ofSink(sink);
        }
        if (e instanceof SpoolFullException) {
            return new PartitionFailure(Kind.OVERLOADED, String.valueOf(e.getMessage()), e);
        }
        if (SqlStates.of(e).equals("55P03")) {
            return new PartitionFailure(
                    Kind.BUSY,
                    "another writer or replica, or somebody who locks a table of the schema sluice, held what this batch"
                            + " needs for longer than sluice.database.lock-timeout",
                    e);
        }
        if (e instanceof DataAccessException || e instanceof TransactionException) {
            return new PartitionFailure(
                    Kind.STORAGE_UNAVAILABLE, "the database failed: " + DatabaseFailure.describe(e), e);
        }
        return new PartitionFailure(
                Kind.INTERNAL, "an unexpected " + e.getClass().getSimpleName(), e);
    }

    private static PartitionFailure ofSink(SinkException e) {
        if (e instanceof PartialFailureException) {
            return new PartitionFailure(Kind.PARTIAL, e);
        }
        return switch (e.disposition()) {
            case UNAVAILABLE -> new PartitionFailure(Kind.TARGET_UNAVAILABLE, e);
            case BUSY -> new PartitionFailure(Kind.BUSY, e);
            case OUTCOME_UNKNOWN -> new PartitionFailure(Kind.OUTCOME_UNKNOWN, e);
            case BROKEN -> new PartitionFailure(Kind.TARGET_BROKEN, e);
            case REJECTED -> throw new IllegalArgumentException("a rejection is an outcome, not a failure", e);
        };
    }

    /** Whether the target refuses records: said by the sink, or by a constraint that is checked at the commit. */
    public static boolean isRejection(RuntimeException e) {
        return e instanceof SinkException sink
                ? sink.disposition() == Disposition.REJECTED && !(sink instanceof PartialFailureException)
                : !(e instanceof HeuristicCompletionException) && SqlStates.blamesRecords(SqlStates.of(e));
    }

    /**
     * Serialization failures and deadlocks: the same transaction may well pass the next time. What an operator has taken
     * back is not left out any more.
     */
    static boolean passesOnRepetition(RuntimeException e) {
        if (e instanceof Aside.TakenBackException) {
            return true;
        }
        String state = SqlStates.of(e);
        return !(e instanceof HeuristicCompletionException) && (state.equals("40001") || state.equals("40P01"));
    }

    /** Whether a statement was cut off: more at once takes longer still. */
    static boolean tookTooLong(RuntimeException e) {
        return SqlStates.of(e).equals("57014");
    }

    /** Whether one batch of a group may be to blame, so that the others would pass without it. */
    static boolean mayBeOneBatch(RuntimeException e) {
        if (isRejection(e) || (e instanceof SinkException sink && sink.disposition() == Disposition.BUSY)) {
            return true;
        }
        if (e instanceof HeuristicCompletionException
                || e instanceof TransactionException
                || e instanceof PartitionFailure
                || tookTooLong(e)) {
            return false;
        }
        String state = SqlStates.of(e);
        return !(state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.startsWith("25")
                || state.equals("55P03"));
    }
}
