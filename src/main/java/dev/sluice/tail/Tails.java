package dev.sluice.tail;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.ReadableSink.Excerpt;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks once a second at the partitions that somebody watches: one statement for each sink tells where they stand, and
 * one for each partition that has moved reads its records, however many watch it. Between looks neither a connection
 * nor a transaction is held. Thread-safe; positions of viewers are touched by looks alone, one at a time.
 */
@Component
@EnableConfigurationProperties(TailProperties.class)
class Tails {

    /** How many records a viewer is shown of one look. */
    static final int MOST_A_LOOK = 50;

    private static final long EVERY_MILLIS = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Tails.class);

    private final Map<PartitionKey, List<Viewer>> viewers = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final TailProperties properties;
    private final SinkCatalog catalog;
    private final SnapshotStore snapshots;
    private volatile boolean closed;

    /* A thread of its own: a look that hangs keeps nobody else from looking. */
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "tails");
        thread.setDaemon(true);
        return thread;
    });

    /* Begun by the first who watches. Guarded by the monitor. */
    private @Nullable Future<?> looks;

    Tails(TailProperties properties, SinkCatalog catalog, SnapshotStore snapshots, MeterRegistry meters) {
        this.properties = properties;
        this.catalog = catalog;
        this.snapshots = snapshots;
        Gauge.builder("sluice.tails", count, AtomicInteger::get).register(meters);
    }

    /** Lets somebody watch, unless too many do. */
    boolean join(PartitionKey key, Viewer viewer) {
        if (closed || count.incrementAndGet() > properties.most()) {
            count.decrementAndGet();
            return false;
        }
        viewers.compute(key, (watched, those) -> {
            List<Viewer> all = those == null ? new CopyOnWriteArrayList<>() : those;
            all.add(viewer);
            return all;
        });
        begin();
        if (closed) {
            viewer.end("this process shuts down");
        }
        return true;
    }

    private synchronized void begin() {
        if (looks == null && !closed) {
            looks = executor.scheduleWithFixedDelay(this::lookSafely, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /* A schedule ends with the first failure. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            log.warn("Partitions that are watched could not be looked at", e);
        }
    }

    void leave(PartitionKey key, Viewer viewer) {
        viewers.computeIfPresent(key, (watched, those) -> {
            if (those.remove(viewer)) {
                count.decrementAndGet();
            }
            return those.isEmpty() ? null : those;
        });
    }

    /** Returns what can be read back of a sink; empty if only positions can be shown. */
    static Optional<ReadableSink> readable(SinkDefinition sink) {
        return sink.sink() instanceof ReadableSink readable && readable.readable()
                ? Optional.of(readable)
                : Optional.empty();
    }

    /** Returns the exclusive end of what is committed: bytes or offsets. */
    static long end(SinkDefinition sink, Snapshot snapshot) {
        return readable(sink)
                .map(source -> source.end(snapshot.nextOffset(), snapshot.state()))
                .orElse(snapshot.nextOffset());
    }

    /* Connections that wait for the end of these would keep the service from stopping. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closed = true;
        executor.shutdown();
        viewers.values().forEach(those -> those.forEach(viewer -> viewer.end("this process shuts down")));
    }

    private void look() {
        Map<String, List<PartitionKey>> bySink =
                viewers.keySet().stream().collect(Collectors.groupingBy(PartitionKey::sink));
        bySink.forEach((id, keys) -> {
            try {
                look(id, keys);
            } catch (RuntimeException e) {
                log.debug("{} cannot be watched", keys, e);
                keys.forEach(key -> of(key).forEach(viewer -> viewer.fail(why(e))));
            }
        });
    }

    private static String why(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "it could not be looked at, and is tried again: " + cause.getMessage();
    }

    private List<Viewer> of(PartitionKey key) {
        return viewers.getOrDefault(key, List.of());
    }

    private void look(String id, List<PartitionKey> keys) {
        Optional<SinkDefinition> sink = catalog.find(id);
        if (sink.isEmpty()) {
            keys.forEach(key -> of(key).forEach(viewer -> viewer.end("there is no such sink any more")));
            return;
        }
        Map<String, Snapshot> standing =
                snapshots.read(id, keys.stream().map(PartitionKey::partition).toList());
        for (PartitionKey key : keys) {
            look(sink.get(), key, standing.getOrDefault(key.partition(), Snapshot.EMPTY));
        }
    }

    private void look(SinkDefinition sink, PartitionKey key, Snapshot snapshot) {
        Optional<ReadableSink> readable = readable(sink);
        long end = end(sink, snapshot);
        Map<Long, List<Viewer>> behind = new LinkedHashMap<>();
        for (Viewer viewer : of(key)) {
            if (viewer.wasTakenBack(end)) {
                viewer.show(List.of(new Event.Rewound(end)), end);
            } else if (viewer.position() < end && viewer.hasRoom()) {
                behind.computeIfAbsent(viewer.position(), at -> new ArrayList<>())
                        .add(viewer);
            }
        }
        if (!behind.isEmpty()) {
            List<Long> positions = List.copyOf(behind.keySet());
            List<List<Viewer>> those = List.copyOf(behind.values());
            List<List<Excerpt>> found = readable.map(
                            source -> source.read(key.partition(), positions, end, MOST_A_LOOK))
                    .orElseGet(() ->
                            positions.stream().map(at -> List.<Excerpt>of()).toList());
            for (int i = 0; i < positions.size(); i++) {
                List<Event> events = Sample.of(
                        positions.get(i),
                        end,
                        found.get(i),
                        MOST_A_LOOK,
                        readable.map(ReadableSink::countsBytes).orElse(false));
                those.get(i).forEach(viewer -> viewer.show(events, end));
            }
        }
    }
}
