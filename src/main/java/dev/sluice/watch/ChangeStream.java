package dev.sluice.watch;

import dev.sluice.access.Identity;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a tab what has changed, by the thread of its request, until one of both goes away. A tab has a thread and not a
 * part of one that sends to all: one that reads slowly holds up nobody else, and its request cannot be taken for another.
 */
final class ChangeStream {

    private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LONGEST_WAIT_MILLIS = 800;

    private final Access access;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Duration heartbeat;
    private final Map<String, Map<String, String>> sent = new HashMap<>();
    private String failure = "";

    ChangeStream(Access access, HttpServletRequest request, HttpServletResponse response, Duration heartbeat) {
        this.access = access;
        this.request = request;
        this.response = response;
        this.heartbeat = heartbeat;
    }

    void send(Watcher watcher) {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // A proxy that waits for more would show nothing.
        response.setHeader("X-Accel-Buffering", "no");
        try {
            OutputStream out = response.getOutputStream();
            write(out, "retry: 2000\n\n");
            long silentSince = System.nanoTime();
            while (!watcher.ended()) {
                Look look = watcher.next(Math.min(heartbeat.toMillis(), LONGEST_WAIT_MILLIS));
                Optional<Identity> viewer = access.stillKnown(request);
                if (viewer.isEmpty() || !mayStill(viewer.get(), watcher.watched())) {
                    break;
                }
                String news = look == null ? "" : news(look, watcher.watched(), viewer.get());
                if (news.isEmpty() && System.nanoTime() - silentSince >= heartbeat.toNanos()) {
                    news = ": heartbeat\n\n";
                }
                if (!news.isEmpty()) {
                    write(out, news);
                    silentSince = System.nanoTime();
                }
            }
        } catch (IOException e) {
            log.debug("A tab was closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /* Whoever may not read the sink any more is told as they would be if they asked now. */
    private static boolean mayStill(Identity viewer, Watched watched) {
        return viewer.equals(Identity.NOBODY)
                || watched.partitions().stream().limit(1).allMatch(key -> viewer.may(key.sink(), Look.READING));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String news(Look look, Watched watched, Identity viewer) {
        if (!look.failure().isEmpty()) {
            boolean known = look.failure().equals(failure);
            failure = look.failure();
            return known ? "" : event("failed", Map.of("detail", failure));
        }
        Map<String, Map<String, String>> changed = new LinkedHashMap<>();
        look.rows(watched, viewer).forEach((row, cells) -> {
            if (!cells.equals(sent.put(row, cells))) {
                changed.put(row, cells);
            }
        });
        boolean works = failure.isEmpty();
        failure = "";
        return changed.isEmpty() && works ? "" : event("rows", changed);
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + JSON.writeValueAsString(data) + "\n\n";
    }
}
