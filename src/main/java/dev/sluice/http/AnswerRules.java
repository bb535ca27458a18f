package dev.sluice.http;

import java.util.Optional;

/** Tells what an answer means. */
interface AnswerRules {

    /**
     * Returns why another try is needed; nothing if the target has the batch. Throws a
     * {@link dev.sluice.sink.SinkException} if no other try will do.
     *
     * @param maybeProcessed whether an earlier try may have been processed
     */
    Optional<Again> again(Answer answer, Message message, boolean maybeProcessed);
}
