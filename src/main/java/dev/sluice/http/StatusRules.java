package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of any API means, by its status.
 *
 * @param honoursKey whether the target takes two requests with the same Idempotency-Key for one
 */
record StatusRules(boolean honoursKey, Clock clock) implements AnswerRules {

    private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429, 503);
    private static final Set<Integer> NOT_THE_RECORDS = Set.of(401, 403, 404, 405, 407);

    @Override
    public Optional<Again> again(Answer answer, Message message, boolean maybeProcessed) {
        if (answer.succeeded()) {
            return Optional.empty();
        }
        if (NOT_NOW.contains(answer.status())) {
            return again(answer, false);
        }
        return switch (answer.status() / 100) {
            case 1, 5 -> again(answer, true);
            case 3 -> throw redirected(answer, message);
            case 4 -> {
                // That is how such targets say that they are still at work on an earlier try.
                if (answer.status() == 409 && honoursKey && maybeProcessed) {
                    yield again(answer, true);
                }
                throw rejected(answer, message, maybeProcessed);
            }
            default -> throw broken(answer, message, ", which is no status of HTTP; look at url");
        };
    }

    Optional<Again> again(Answer answer, boolean maybeProcessed) {
        return Optional.of(new Again(
                "it answered " + answer.status(), answer.text(), maybeProcessed, answer.retryAfter(clock), null));
    }

    private static SinkException redirected(Answer answer, Message message) {
        String location = answer.header("Location");
        int query = location.indexOf('?');
        String shown = answer.show(query < 0 ? location : location.substring(0, query));
        return broken(
                answer,
                message,
                ", a redirect to " + (shown.isEmpty() ? "nowhere" : shown)
                        + ". Redirects are never followed: set url to where the records shall go");
    }

    static SinkException broken(Answer answer, Message message, String why) {
        return new SinkException(Disposition.BROKEN, message.where() + " answered " + answer.status() + why, null);
    }

    static SinkException rejected(Answer answer, Message message, boolean maybeProcessed) {
        String what = message.where() + " answered " + answer.status() + answer.text();
        if (maybeProcessed) {
            what += " (but may have processed an earlier try of the same request)";
        }
        String hint = NOT_THE_RECORDS.contains(answer.status()) ? "look at url and headers of this sink" : null;
        return message.batch().items().size() == 1
                ? one(message.batch().items().get(0).offset(), answer, what, hint)
                : SinkException.rejected(
                        message.what() + " were refused: " + what + (hint == null ? "" : "; " + hint), null);
    }

    private static SinkException one(long offset, Answer answer, String what, @Nullable String hint) {
        return SinkException.rejected(
                List.of(new RejectedRecord(offset, null, Integer.toString(answer.status()), what, hint)));
    }
}
