package dev.sluice.tail;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a viewer its events, by the thread of its request, until one of both goes away. */
final class EventStream {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

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

    void send(Viewer viewer) {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // A proxy that waits for more would show nothing.
        response.setHeader("X-Accel-Buffering", "no");
        try {
            OutputStream out = response.getOutputStream();
            while (!viewer.ended()) {
                Event event = viewer.next(heartbeat.toMillis());
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
