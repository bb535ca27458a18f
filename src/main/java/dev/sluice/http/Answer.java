package dev.sluice.http;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** What a target answered: as much of it as was read. */
final class Answer {

    private final int status;
    private final List<Header> headers;
    private final byte[] body;
    private final boolean complete;
    private final Redaction redaction;

    Answer(int status, List<Header> headers, byte[] body, boolean complete, Redaction redaction) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.complete = complete;
        this.redaction = redaction;
    }

    int status() {
        return status;
    }

    /** Returns a header as it came; empty if it is not there. */
    String header(String name) {
        return values(name).findFirst().orElse("");
    }

    private Stream<String> values(String name) {
        return headers.stream()
                .filter(header -> header.getName().equalsIgnoreCase(name))
                .map(header -> header.getValue() == null ? "" : header.getValue());
    }

    byte[] body() {
        return body;
    }

    /** Whether the body was read to its end. */
    boolean complete() {
        return complete;
    }

    /** Returns the beginning of something that this answer says, fit to be shown. */
    String show(String text) {
        return redaction.show(text);
    }

    boolean succeeded() {
        return status / 100 == 2;
    }

    /** Returns how long the target wants to be left alone; null if it does not say, or nothing that one understands. */
    @Nullable
    Duration retryAfter(Clock clock) {
        return RetryAfter.of(values("Retry-After").toList(), header("Date"), clock.instant())
                .orElse(null);
    }

    /** Returns the beginning of the body, fit to be shown, after ": "; nothing if there is none. */
    String text() {
        String text = show(new String(body, StandardCharsets.UTF_8));
        return text.isEmpty() ? "" : ": " + text;
    }

    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}
