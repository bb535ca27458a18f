package dev.sluice.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Starts the embedded server again when it is gone, whoever ended it, and kills one that answers nothing, so that it can
 * be started again. Gives up after so many starts within some time, so that this process is replaced. From the moment
 * the service stops it does nothing any more.
 */
final class PostgresWatch implements AutoCloseable, ApplicationListener<ContextClosedEvent> {

    private static final Logger log = LoggerFactory.getLogger(PostgresWatch.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int LOOKS_BETWEEN_SIGNS = 10;
    private static final Duration SIGN = Duration.ofSeconds(5);

    /* Counted, not measured: a machine that was paused has lost no time. */
    private static final int MOST_SILENT = 6;

    private static final Duration LAST_START = Duration.ofSeconds(10);

    private final EmbeddedPostgres postgres;
    private final RestartBudget budget;
    private final Runnable givenUp;
    private final Thread thread = new Thread(this::watch, "postgres-watch");
    private volatile boolean stopping;
    private volatile boolean starting;

    /** @param givenUp called when the server is gone and is not started again any more */
    PostgresWatch(EmbeddedPostgres postgres, RestartBudget budget, Runnable givenUp) {
        this.postgres = postgres;
        this.budget = budget;
        this.givenUp = givenUp;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /* Long before the server is stopped: requests under way have their time, but a server that goes now stays away. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopping = true;
    }

    /** Ends the watch; a start under way is let go on for a while, so that what it has started can be stopped. */
    @Override
    public void close() {
        stopping = true;
        try {
            if (starting) {
                thread.join(LAST_START.toMillis());
            }
            thread.interrupt();
            thread.join(LAST_START.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        int looks = 0;
        int silent = 0;
        try {
            while (!stopping) {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
                if (!isRunning()) {
                    if (!startAgain()) {
                        return;
                    }
                    silent = 0;
                } else if (silent > 0 || ++looks % LOOKS_BETWEEN_SIGNS == 0) {
                    silent = PostgresSign.isGiven(postgres.port(), SIGN) ? 0 : silent + 1;
                    if (silent >= MOST_SILENT) {
                        kill(silent);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRunning() {
        try {
            return postgres.isRunning();
        } catch (UncheckedIOException e) {
            log.debug("Whether the embedded PostgreSQL runs cannot be seen", e);
            return false;
        }
    }

    private void kill(int silent) {
        if (!stopping) {
            log.warn(
                    "The embedded PostgreSQL (process {}) in {} is there, but has not answered a connection {} times, for"
                            + " {} s each: killing it",
                    postgres.pid(),
                    postgres.home(),
                    silent,
                    SIGN.toSeconds());
            postgres.kill();
        }
    }

    /** Starts it until it runs; false if it is not to be started any more. */
    private boolean startAgain() throws InterruptedException {
        String reason = "it has ended";
        while (!stopping) {
            Optional<Duration> pause = budget.take(System.nanoTime());
            if (pause.isEmpty()) {
                giveUp(reason);
                return false;
            }
            Thread.sleep(pause.get().toMillis());
            if (stopping) {
                return false;
            }
            String failure = startOnce();
            if (failure == null) {
                return true;
            }
            reason = failure;
        }
        return false;
    }

    /** Returns why it could not be started, null if it runs. */
    private @Nullable String startOnce() {
        log.warn(
                "The embedded PostgreSQL (process {}) in {} is gone, and this service has not stopped it: starting it"
                        + " again ({}). Writers get 503 until it answers",
                postgres.pid(),
                postgres.home(),
                budget);
        long begun = System.nanoTime();
        starting = true;
        try {
            postgres.startAgain();
            log.warn(
                    "The embedded PostgreSQL (process {}) runs again on 127.0.0.1:{} after {} ms",
                    postgres.pid(),
                    postgres.port(),
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
            return null;
        } catch (IOException | RuntimeException e) {
            log.warn("The embedded PostgreSQL could not be started again: {}", String.valueOf(e.getMessage()));
            return String.valueOf(e.getMessage());
        } finally {
            starting = false;
        }
    }

    private void giveUp(String reason) {
        log.error(
                "The embedded PostgreSQL in {} is gone and is not started again any more ({}, see"
                        + " sluice.postgres.restarts): {}. From now on the liveness of this process is DOWN, so that it"
                        + " is replaced. What PostgreSQL said is in {}",
                postgres.home(),
                budget,
                reason,
                postgres.log());
        givenUp.run();
    }
}
