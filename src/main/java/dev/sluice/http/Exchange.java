package dev.sluice.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request and its answer, within a time and a size. Follows no redirect and repeats no request that was sent. */
final class Exchange {

    private final HttpClient client;
    private final int maxResponse;

    Exchange(Duration connectTimeout, int maxResponse) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
        this.maxResponse = maxResponse;
    }

    /**
     * Returns the answer as soon as it is complete, or too large. Once its status is there it counts, even if the rest
     * never comes.
     */
    Answer run(HttpRequest request, Duration timeout, Redaction redaction) throws IOException, InterruptedException {
        AnswerReader reader = new AnswerReader(maxResponse);
        CompletableFuture<HttpResponse<Void>> call = client.sendAsync(request, reader::begin);
        IOException failure = new IOException("the request ended without an answer");
        try {
            // The timeout of HttpRequest ends with the headers: a body could take for ever.
            call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            failure = new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            call.cancel(true);
            reader.stop();
        }
        Optional<Answer> answer = reader.answer(redaction);
        if (answer.isEmpty()) {
            throw failure;
        }
        return answer.get();
    }

    /** Keeps the beginning of an answer. Its monitor guards all fields: the client's threads write, ours reads. */
    private static final class AnswerReader implements HttpResponse.BodySubscriber<Void> {

        private final int most;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable ResponseInfo info;
        private Flow.@Nullable Subscription subscription;
        private boolean complete;

        AnswerReader(int most) {
            this.most = most;
        }

        synchronized HttpResponse.BodySubscriber<Void> begin(ResponseInfo info) {
            this.info = info;
            return this;
        }

        synchronized Optional<Answer> answer(Redaction redaction) {
            return Optional.ofNullable(info)
                    .map(seen ->
                            new Answer(seen.statusCode(), seen.headers(), body.toByteArray(), complete, redaction));
        }

        synchronized void stop() {
            if (subscription != null) {
                subscription.cancel();
            }
            end.complete(null);
        }

        @Override
        public CompletionStage<Void> getBody() {
            return end;
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public synchronized void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] bytes = new byte[Math.min(buffer.remaining(), most - body.size())];
                buffer.get(bytes);
                body.writeBytes(bytes);
                if (buffer.hasRemaining()) {
                    stop();
                    return;
                }
            }
        }

        @Override
        public synchronized void onError(Throwable failure) {
            end.complete(null);
        }

        @Override
        public synchronized void onComplete() {
            complete = true;
            end.complete(null);
        }
    }
}
