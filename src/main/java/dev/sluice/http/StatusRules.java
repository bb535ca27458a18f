package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.DoubtfulWriteException;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.TooLargeException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an answer of any API means, by its status.
 *
 * @param honoursKey whether the target takes two requests with the same Idempotency-Key for one
 */
record StatusRules(boolean honoursKey, Clock clock) implements AnswerRules {

    private static final int SEE_OTHER = 303;
    /* Repeated wrong credentials lock accounts. */
    private static final Duration UNTIL_SOMEBODY_LOOKS = Duration.ofSeconds(10);

    @Override
    public Optional<Again> again(Answer answer, Message message, boolean maybeProcessed) {
        return switch (Verdict.of(answer.status())) {
            case TAKEN -> Optional.empty();
            case PARTS -> parts(answer, message);
            case NOT_NOW -> again(answer, false);
            case UNKNOWN -> again(answer, true);
            case RECORDS -> {
                // That is how such targets say that they are still at work on an earlier try.
                if (answer.status() == 409 && honoursKey) {
                    yield again(answer, true);
                }
                throw unlessProcessed(maybeProcessed, rejected(answer, message));
            }
            case SIZE -> {
                if (answer.retryAfter(clock) != null) {
                    yield again(answer, false); // it says that this is for now
                }
                throw unlessProcessed(maybeProcessed, tooLarge(answer, message));
            }
            case CLOSED -> throw unlessProcessed(maybeProcessed, closed(answer, message));
            case DEFINITION -> throw unlessProcessed(maybeProcessed, unfit(answer, message));
        };
    }

    Optional<Again> again(Answer answer, boolean maybeProcessed) {
        return Optional.of(new Again(
                "it answered " + answer.status(), answer.text(), maybeProcessed, answer.retryAfter(clock), null));
    }

    private Optional<Again> parts(Answer answer, Message message) {
        PartialAnswer parts = PartialAnswer.of(answer, message.batch().items().size());
        if (parts.allTaken()) {
            return Optional.empty();
        }
        if (parts.mayPass()) {
            return again(answer, true);
        }
        throw new DoubtfulWriteException(message.where() + " answered " + answer.status()
                + ", which tells of each record by itself: " + answer.show(parts.what())
                + ". The target may have taken other records of " + message.what()
                + ". A batch is all or nothing: use an address that takes or refuses a request as a whole, or"
                + " send one record in a batch");
    }

    /* "Nothing was written" would be a guess; who repeats the request gets this refusal without an earlier try. */
    private static SinkException unlessProcessed(boolean maybeProcessed, SinkException refusal) {
        return maybeProcessed
                ? new SinkException(
                        Disposition.OUTCOME_UNKNOWN,
                        refusal.getMessage() + " (but may have processed an earlier try of the same request)",
                        refusal.retryAfter(),
                        null)
                : refusal;
    }

    static SinkException broken(Answer answer, Message message, String why) {
        return new SinkException(Disposition.BROKEN, message.where() + " answered " + answer.status() + why, null);
    }

    private static SinkException unfit(Answer answer, Message message) {
        String what = message.where() + " answered " + answer.status() + ": " + Advice.of(answer) + said(answer);
        return answer.status() == SEE_OTHER
                ? new DoubtfulWriteException(what)
                : new UnfitTargetException(Disposition.BROKEN, what, null);
    }

    SinkException closed(Answer answer, Message message) {
        Duration wanted = answer.retryAfter(clock);
        return new UnfitTargetException(
                Disposition.UNAVAILABLE,
                message.where() + " answered " + answer.status() + ": " + Advice.of(answer)
                        + ". No record is to blame: repeat the batch until that is done" + said(answer),
                wanted == null ? UNTIL_SOMEBODY_LOOKS : wanted);
    }

    static SinkException tooLarge(Answer answer, Message message) {
        int records = message.batch().items().size();
        return records == 1
                ? rejected(answer, message)
                : new TooLargeException(message.where() + " answered 413: " + message.what() + ", " + records
                        + " records, are too much for one request. Send fewer in a batch; no record is to blame"
                        + said(answer));
    }

    private static String said(Answer answer) {
        return answer.text().isEmpty() ? "" : ". It said" + answer.text();
    }

    static SinkException rejected(Answer answer, Message message) {
        String what = message.where() + " answered " + answer.status() + answer.text();
        List<RejectedRecord> named = NamedRejections.of(answer, message.batch().items());
        if (!named.isEmpty()) {
            return SinkException.rejected(named);
        }
        int records = message.batch().items().size();
        return records == 1
                ? one(message.batch().items().get(0).offset(), answer, what)
                : SinkException.rejected(
                        message.what() + ", " + records + " records, were refused together: " + what
                                + ". It does not say which of them it means, and most may be good",
                        null);
    }

    private static SinkException one(long offset, Answer answer, String what) {
        return SinkException.rejected(
                List.of(
                        new RejectedRecord(
                                offset,
                                null,
                                Integer.toString(answer.status()),
                                what,
                                answer.status() == 413
                                        ? "the record alone is larger than the target takes"
                                        : "where the target refuses every record, look at url, method and envelope of this sink first")));
    }
}
