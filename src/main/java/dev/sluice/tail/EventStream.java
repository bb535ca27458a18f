package dev.sluice.tail;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a viewer its events, by the thread of its request, until one of both goes away. */
final class EventStream {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private static final long LONGEST_WAIT_MILLIS = 400;
    private static final long NANOS_BETWEEN_QUESTIONS = 500_000_000;

    private final HttpServletResponse response;
    private final Duration heartbeat;
    private final boolean integersAsStrings;
    private final boolean bytes;

    EventStream(HttpServletResponse response, Duration heartbeat, boolean integersAsStrings, boolean bytes) {
        this.response = response;
        this.heartbeat = heartbeat;
        this.integersAsStrings = integersAsStrings;
        this.bytes = bytes;
    }

    /** @param allowed asked at least once a second; the stream ends when it is not true any more */
    void send(Viewer viewer, BooleanSupplier allowed) {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // A proxy that waits for more would show nothing.
        response.setHeader("X-Accel-Buffering", "no");
        try {
            OutputStream out = response.getOutputStream();
            long silentSince = System.nanoTime();
            long askedAt = silentSince;
            while (!viewer.ended()) {
                if (System.nanoTime() - askedAt > NANOS_BETWEEN_QUESTIONS) {
                    if (!allowed.getAsBoolean()) {
                        break;
                    }
                    askedAt = System.nanoTime();
                }
                Event event = viewer.next(Math.min(heartbeat.toMillis(), LONGEST_WAIT_MILLIS));
                if (event == null && System.nanoTime() - silentSince < heartbeat.toNanos()) {
                    continue;
                }
                silentSince = System.nanoTime();
                out.write((event == null ? ": heartbeat\n\n" : text(event)).getBytes(StandardCharsets.UTF_8));
                if (!viewer.hasMore()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            log.debug("A viewer has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String text(Event event) {
        StringBuilder text = new StringBuilder();
        if (event.last() >= 0) {
            text.append("id: ").append(event.last()).append('\n');
        }
        text.append("event: ").append(event.name()).append('\n');
        // A line break within a record is white space between tokens, and comes back as one.
        event.data(integersAsStrings, bytes)
                .lines()
                .forEach(line -> text.append("data: ").append(line).append('\n'));
        return text.append('\n').toString();
    }
}
