package dev.sluice.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the beginning of an answer. Its monitor guards all fields: the client's threads write, another reads. Nobody is
 * told anything while it is held.
 */
final class AnswerReader implements AsyncResponseConsumer<Void> {

    private final int most;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable HttpResponse head;
    private @Nullable FutureCallback<Void> whole;
    private boolean complete;

    AnswerReader(int most) {
        this.most = most;
    }

    /** Completes when there is no more to read, or no more than may be read. */
    CompletionStage<Void> end() {
        return end;
    }

    /** Whether the body was read to its end. */
    synchronized boolean complete() {
        return complete;
    }

    /** Returns what was read; empty if no status has come. */
    synchronized Optional<Answer> answer(Redaction redaction) {
        return Optional.ofNullable(head)
                .map(seen -> new Answer(
                        seen.getCode(), List.of(seen.getHeaders()), body.toByteArray(), complete, redaction));
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            @Nullable FutureCallback<Void> callback) {
        synchronized (this) {
            head = response;
            whole = callback;
        }
        if (entity == null) {
            finish();
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // Whatever it tells, the final one is still to come.
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer piece) {
        if (!keep(piece)) {
            end.complete(null);
        }
    }

    /* Returns whether there was room for all of it. */
    private synchronized boolean keep(ByteBuffer piece) {
        byte[] bytes = new byte[Math.min(piece.remaining(), most - body.size())];
        piece.get(bytes);
        body.writeBytes(bytes);
        boolean all = !piece.hasRemaining();
        piece.position(piece.limit());
        return all;
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        finish();
    }

    private void finish() {
        FutureCallback<Void> callback;
        synchronized (this) {
            complete = !end.isDone();
            callback = whole;
        }
        // The end is told by releaseResources: only then the next request finds the connection free.
        if (callback != null) {
            callback.completed(null);
        }
    }

    @Override
    public void failed(Exception cause) {
        end.completeExceptionally(cause);
    }

    @Override
    public void releaseResources() {
        end.complete(null);
    }
}
