package dev.sluice.http;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a target answered: as much of it as was read. */
final class Answer {

    private static final Pattern SECONDS = Pattern.compile("-?[0-9]+");
    private static final Duration LONGEST = Duration.ofDays(365);

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final boolean complete;
    private final Redaction redaction;

    Answer(int status, HttpHeaders headers, byte[] body, boolean complete, Redaction redaction) {
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
        return headers.firstValue(name).orElse("");
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
        String value = header("Retry-After").strip();
        Duration wait;
        try {
            wait = SECONDS.matcher(value).matches()
                    ? seconds(value)
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Duration seconds(String digits) {
        try {
            return Duration.ofSeconds(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return digits.startsWith("-") ? Duration.ZERO : LONGEST;
        }
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
