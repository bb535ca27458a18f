package dev.sluice.watch;

import dev.sluice.history.Histories;
import dev.sluice.history.Rate;
import dev.sluice.history.Standing;
import dev.sluice.history.Standings;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.snapshot.PartitionKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Looks how things stand for all who watch: one statement every two seconds, and none where nobody watches. Between looks
 * no connection is held. Thread-safe.
 */
@Component
@EnableConfigurationProperties(WatchProperties.class)
class Looks {

    private static final Logger log = LoggerFactory.getLogger(Looks.class);
    private static final long EVERY_MILLIS = 2_000;
    /* Replicas tell their counts every few seconds: over less time a rate would go up and down with them. */
    private static final int LOOKS_FOR_A_RATE = 6;

    private final WatchProperties properties;
    private final Standings standings;
    private final Histories histories;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Counter looks;

    /* Of the thread that looks. */
    private final Deque<Standing> lately = new ArrayDeque<>();

    /* A thread of its own: a look that hangs keeps nobody else from working. */
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "looks");
        thread.setDaemon(true);
        return thread;
    });

    /* Guarded by the monitor. */
    private @Nullable Future<?> schedule;
    private boolean closed;

    Looks(WatchProperties properties, Standings standings, Histories histories, MeterRegistry meters) {
        this.properties = properties;
        this.histories = histories;
        this.standings = standings;
        this.looks = Counter.builder("sluice.watch.looks")
                .description("Statements that asked how things stand, for all who watch pages")
                .register(meters);
        Gauge.builder("sluice.watch", watchers, List::size)
                .description("Tabs that are kept up to date")
                .register(meters);
    }

    /** Lets somebody watch, unless too many do. */
    synchronized boolean join(Watcher watcher) {
        if (closed || watchers.size() >= properties.most()) {
            return false;
        }
        watchers.add(watcher);
        if (schedule == null) {
            executor.execute(this::begin);
            schedule = executor.scheduleWithFixedDelay(this::lookSafely, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    /* What was looked at before nobody watched is too long ago for a rate. */
    private void begin() {
        lately.clear();
        histories.earlier().ifPresent(lately::add);
    }

    synchronized void leave(Watcher watcher) {
        watchers.remove(watcher);
        if (watchers.isEmpty() && schedule != null) {
            schedule.cancel(false);
            schedule = null;
        }
    }

    /* A schedule ends with the first failure. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            log.warn("What is watched could not be looked at", e);
        }
    }

    private void look() {
        Set<PartitionKey> partitions = watchers.stream()
                .flatMap(watcher -> watcher.watched().partitions().stream())
                .collect(Collectors.toSet());
        Look look;
        try {
            looks.increment();
            Standing now = standings.now(partitions);
            lately.addLast(now);
            look = new Look(now, lately.size() > 1 ? Rate.between(lately.getFirst(), now) : Map.of(), "");
            if (lately.size() >= LOOKS_FOR_A_RATE) {
                lately.removeFirst();
            }
        } catch (DataAccessException | TransactionException e) {
            log.debug("What is watched cannot be looked at", e);
            look = new Look(
                    new Standing(Map.of(), Map.of(), Map.of()),
                    Map.of(),
                    "the database does not answer, it is tried again: " + DatabaseFailure.describe(e));
        }
        for (Watcher watcher : watchers) {
            watcher.show(look);
        }
    }

    /* Connections that wait for the end of these would keep the service from stopping. */
    @EventListener(ContextClosedEvent.class)
    synchronized void close() {
        closed = true;
        executor.shutdown();
        watchers.forEach(Watcher::end);
    }
}
