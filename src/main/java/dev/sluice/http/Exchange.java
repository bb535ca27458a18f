package dev.sluice.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.RequestNotExecutedException;

/**
 * One request and its answer, within a time and a size.
 *
 * @param connectTimeout until the first byte of the request can be sent
 * @param maxResponse bytes of an answer's body that are read
 */
record Exchange(Connections connections, Duration connectTimeout, int maxResponse) {

    /**
     * Returns the answer as soon as it is complete, or too large. Once its status is there it counts, even if the rest
     * never comes. Throws {@link NotSentException} if nothing was sent.
     */
    Answer run(HttpRequest request, ByteBuffer body, Duration timeout, Redaction redaction)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        RequestSender sender = new RequestSender(request, body);
        AnswerReader reader = new AnswerReader(maxResponse);
        Future<Void> call = connections.client().execute(sender, reader, null, sender.context(), failing(reader));
        IOException failure;
        try {
            awaitConnection(sender, reader, shorter(connectTimeout, timeout));
            failure = awaitEnd(reader, until, timeout);
        } finally {
            call.cancel(true);
        }
        Optional<Answer> answer = reader.answer(redaction);
        if (answer.isPresent() && sender.giveUp()) {
            throw new NotSentException(
                    "the proxy on the way does not connect to it, but answered "
                            + answer.get().status() + answer.get().text(),
                    null);
        }
        if (answer.isPresent()) {
            return answer.get();
        }
        boolean unsent = sender.giveUp() || failure instanceof RequestNotExecutedException;
        throw unsent ? new NotSentException(String.valueOf(failure.getMessage()), failure) : failure;
    }

    private static void awaitConnection(RequestSender sender, AnswerReader reader, Duration most)
            throws InterruptedException, NotSentException {
        try {
            CompletableFuture.anyOf(sender.begun(), reader.end()).get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (sender.giveUp()) {
                throw new NotSentException("it did not take the connection within " + most.toMillis() + " ms", null);
            }
        } catch (ExecutionException e) {
            // awaitEnd tells it
        }
    }

    private static IOException awaitEnd(AnswerReader reader, long until, Duration timeout) throws InterruptedException {
        try {
            reader.end().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new IOException("the request ended without an answer");
        } catch (TimeoutException e) {
            return new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            return e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static FutureCallback<Void> failing(AnswerReader reader) {
        return new FutureCallback<>() {
            @Override
            public void completed(Void nothing) {
                // the reader is told once the connection is free again
            }

            @Override
            public void failed(Exception e) {
                reader.failed(e);
            }

            @Override
            public void cancelled() {
                reader.failed(new IOException("the request was given up"));
            }
        };
    }
}
