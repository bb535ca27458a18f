package dev.sluice.balance;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.http.MediaType;

/**
 * A client that waits for a JSON document: every second it is sent white space, which may stand before it. So the
 * service learns when it is gone. Not thread-safe.
 */
final class Waiting {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOK_AT_THE_CLOCK = 1_024;

    private final HttpServletResponse response;
    private long next = System.nanoTime() + PAUSE;
    private int calls;

    Waiting(HttpServletResponse response) {
        this.response = response;
    }

    /** Has the work go on, or ends it if nobody waits for it any more. */
    void tick() {
        calls++;
        if (calls % LOOK_AT_THE_CLOCK != 0 || System.nanoTime() - next < 0) {
            return;
        }
        next = System.nanoTime() + PAUSE;
        try {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write('\n');
            response.flushBuffer();
        } catch (IOException e) {
            throw new AbandonedException(e);
        }
    }
}
