package dev.sluice.outcome;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.SinkException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A failure of a target or of the storage, never of what a writer has sent.
 *
 * @param problem the last part of the problem's type, as writers are told
 * @param message what went wrong, on one line, cut where it is long
 */
public record Fault(String problem, String message) {

    /** The target is not what the snapshot says: it lasts until somebody has looked at it. */
    static final String TARGET_BROKEN = "target-broken";

    private static final String INTERNAL_ERROR = "internal-error";

    private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");
    private static final int LONGEST_MESSAGE = 500;

    /** Makes one line of the message, and cuts a long one. */
    public Fault {
        message = LINE_BREAK.matcher(message.strip()).replaceAll(" ");
        if (message.length() > LONGEST_MESSAGE) {
            message = message.substring(0, LONGEST_MESSAGE) + "...";
        }
    }

    /** Whether it is a mistake in the service or in a sink, so that its stack trace is of use. */
    public boolean isUnexpected() {
        return problem.equals(INTERNAL_ERROR);
    }

    /** Returns what failed where nobody waits for an answer; empty if it is only a matter of time. */
    public static Optional<Fault> ofDelivery(RuntimeException e) {
        if (e instanceof SinkException said) {
            return problem(said).map(problem -> new Fault(problem, String.valueOf(e.getMessage())));
        }
        return Optional.of(
                e instanceof DataAccessException || e instanceof TransactionException
                        ? new Fault("storage-unavailable", DatabaseFailure.describe(e))
                        : new Fault(INTERNAL_ERROR, e.toString()));
    }

    private static Optional<String> problem(SinkException e) {
        if (e.disposition() == Disposition.BUSY) {
            return Optional.empty();
        }
        if (e instanceof PartialFailureException) {
            return Optional.of("partial-failure");
        }
        return Optional.of(
                switch (e.disposition()) {
                    case UNAVAILABLE, BUSY -> "target-unavailable";
                    case OUTCOME_UNKNOWN -> "outcome-unknown";
                    case BROKEN -> TARGET_BROKEN;
                    case REJECTED -> "record-rejected";
                });
    }
}
