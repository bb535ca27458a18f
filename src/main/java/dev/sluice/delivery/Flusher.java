package dev.sluice.delivery;

import dev.sluice.delivery.Arrivals.Arrival;
import dev.sluice.delivery.BufferStore.Waiting;
import dev.sluice.outcome.Fault;
import dev.sluice.outcome.Outcomes;
import dev.sluice.outcome.Outcomes.Activity;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Delivers what batching sinks have accepted: a partition that has a whole batch at once, the others as they are found
 * due. The buffer is looked at every so often, whether or not records arrive, so that a partition's last records and
 * those of a dead process are delivered too. Thread-safe.
 */
@Component
class Flusher {

    private static final Logger log = LoggerFactory.getLogger(Flusher.class);
    private static final int FEWEST_AT_ONCE_PER_SINK = 16;
    private static final int MOST_AT_ONCE_PER_SINK = 256;
    private static final long BYTES_AT_ONCE_PER_SINK = 64 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * A partition that could not be delivered.
     *
     * @param tries in a row
     * @param nextTry by {@link System#nanoTime}
     */
    private record Failure(int tries, long nextTry, String message) {}

    /** By id; of several the last one is in force, the others are about to take its place back or to be closed. */
    private final Map<String, List<BufferSink>> sinks = new ConcurrentHashMap<>();

    private final Map<String, Long> undelivered = new ConcurrentHashMap<>();
    private final Map<String, Instant> oldest = new ConcurrentHashMap<>();
    private final Map<String, DrainRate> rates = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Integer>> limits = new ConcurrentHashMap<>();
    private final Map<PartitionKey, Failure> failures = new ConcurrentHashMap<>();
    private final Set<PartitionKey> underWay = ConcurrentHashMap.newKeySet();
    private final JdbcClient jdbc;
    private final BufferStore buffer;
    private final Delivery delivery;
    private final DeliveryWatch watch;
    private final Outcomes outcomes;
    private final DeliveryMeters meters;
    private final ExecutorService executor;

    Flusher(
            JdbcClient jdbc,
            Delivery delivery,
            DeliveryWatch watch,
            Outcomes outcomes,
            DeliveryMeters meters,
            ExecutorService deliveryExecutor) {
        this.jdbc = jdbc;
        this.buffer = new BufferStore(jdbc);
        this.delivery = delivery;
        this.watch = watch;
        this.outcomes = outcomes;
        this.meters = meters;
        this.executor = deliveryExecutor;
    }

    BufferReader reader(String sink) {
        return new BufferReader(jdbc, sink);
    }

    /** Begins to deliver what a sink accepts, in place of another one of its name. */
    void serve(BufferSink sink) {
        sinks.computeIfAbsent(sink.id(), id -> new CopyOnWriteArrayList<>()).add(sink);
    }

    /** Stops to deliver for a sink. */
    void forget(BufferSink sink) {
        List<BufferSink> named = sinks.getOrDefault(sink.id(), List.of());
        if (!named.isEmpty() && named.remove(sink) && named.isEmpty()) {
            undelivered.remove(sink.id());
            oldest.remove(sink.id());
            rates.remove(sink.id());
            limits.remove(sink.id());
            failures.keySet().removeIf(key -> key.sink().equals(sink.id()));
        }
    }

    private boolean inForce(BufferSink sink) {
        List<BufferSink> named = sinks.getOrDefault(sink.id(), List.of());
        return !named.isEmpty() && named.get(named.size() - 1) == sink;
    }

    /** Returns the records of a sink that waited when it was looked at last. */
    long undelivered(String sink) {
        return undelivered.getOrDefault(sink, 0L);
    }

    /** Returns when the oldest record of a sink that waits was accepted, as it was looked at last. */
    Optional<Instant> oldest(String sink) {
        return Optional.ofNullable(oldest.get(sink));
    }

    /** Returns how long it takes to deliver what waits, as fast as it went in the last minute; empty if nothing went. */
    Optional<Duration> drain(String sink) {
        DrainRate rate = rates.get(sink);
        return rate == null ? Optional.empty() : rate.estimate(undelivered(sink));
    }

    /** Returns when the partitions of a sink that could not be delivered are tried again. */
    Map<String, Instant> nextTries(String sink) {
        Instant now = Instant.now();
        long nanos = System.nanoTime();
        return failures.entrySet().stream()
                .filter(entry -> entry.getKey().sink().equals(sink))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().partition(),
                        entry -> now.plusNanos(Math.max(0, entry.getValue().nextTry() - nanos))));
    }

    /** Has what could not be delivered tried again at once. */
    void tryNow(String sink) {
        long now = System.nanoTime();
        failures.keySet().stream()
                .filter(key -> key.sink().equals(sink))
                .forEach(key -> failures.computeIfPresent(
                        key, (same, failure) -> new Failure(failure.tries(), now, failure.message())));
    }

    /** Returns the partitions of a sink whose target takes only so many records at once, as they were looked at last. */
    Map<String, Integer> limits(String sink) {
        return limits.getOrDefault(sink, Map.of());
    }

    private static int limit(Waiting partition) {
        return Objects.requireNonNull(partition.limit());
    }

    /** Returns the partitions of a sink that cannot be delivered, and why. */
    Map<String, String> failures(String sink) {
        return failures.entrySet().stream()
                .filter(entry -> entry.getKey().sink().equals(sink))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().partition(),
                        entry -> entry.getValue().message()));
    }

    /** Delivers partitions to which a whole batch was committed, unless as much as may be is under way. */
    void accepted(BufferSink sink, Set<String> partitions) {
        submitDue(sink, partitions);
    }

    @Scheduled(fixedDelayString = "${sluice.delivery.look-every:50ms}")
    void look() {
        for (List<BufferSink> named : sinks.values()) {
            for (BufferSink sink : named) {
                try {
                    if (inForce(sink)) {
                        look(sink);
                    }
                } catch (DataAccessException | TransactionException e) {
                    log.debug("The buffer of {} could not be looked at; trying again soon", sink.id(), e);
                }
            }
        }
    }

    private void look(BufferSink sink) {
        BatchingSinkProperties settings = sink.settings();
        List<Waiting> waiting = buffer.waiting(
                sink.id(), null, settings.batchSize(), settings.batchBytes().toBytes(), settings.flushInterval());
        undelivered.put(sink.id(), waiting.stream().mapToLong(Waiting::records).sum());
        waiting.stream()
                .map(Waiting::since)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .ifPresentOrElse(since -> oldest.put(sink.id(), since), () -> oldest.remove(sink.id()));
        limits.put(
                sink.id(),
                waiting.stream()
                        .filter(partition -> partition.limit() != null)
                        .collect(Collectors.toMap(Waiting::partition, Flusher::limit)));
        submitDue(
                sink,
                waiting.stream()
                        .filter(partition -> partition.due() || delivery.drains(sink, partition.partition()))
                        .map(Waiting::partition)
                        .filter(partition -> !delivery.held(sink, partition))
                        .toList());
    }

    private void submitDue(BufferSink sink, Collection<String> partitions) {
        long room = atOnce(sink.settings()) - deliveries(sink);
        List<String> due = new ArrayList<>();
        for (String partition : partitions) {
            PartitionKey key = new PartitionKey(sink.id(), partition);
            if (due.size() < room && mayTry(key) && underWay.add(key)) {
                due.add(partition);
            }
        }
        if (!due.isEmpty()) {
            submit(sink, due);
        }
    }

    /* What they hold of their records stays bounded, however large the batches are. */
    private static long atOnce(BatchingSinkProperties settings) {
        long fitting = BYTES_AT_ONCE_PER_SINK / settings.batchBytes().toBytes();
        return Math.max(FEWEST_AT_ONCE_PER_SINK, Math.min(MOST_AT_ONCE_PER_SINK, fitting));
    }

    private long deliveries(BufferSink sink) {
        return underWay.stream().filter(key -> key.sink().equals(sink.id())).count();
    }

    private boolean mayTry(PartitionKey key) {
        Failure failure = failures.get(key);
        return failure == null || System.nanoTime() - failure.nextTry() >= 0;
    }

    private void submit(BufferSink sink, List<String> partitions) {
        Arrivals arrivals = new Arrivals(executor, some -> recordOrGiveUp(sink, some));
        try {
            executor.execute(() -> deliver(sink, arrivals, partitions));
        } catch (RejectedExecutionException e) {
            ended(sink, partitions); // the service stops; another process or the next start goes on
        }
    }

    private void ended(BufferSink sink, Collection<String> partitions) {
        partitions.forEach(partition -> underWay.remove(new PartitionKey(sink.id(), partition)));
    }

    /** Hands on what these partitions have due; each is under way until it has nothing more, or fails. */
    private void deliver(BufferSink sink, Arrivals arrivals, List<String> partitions) {
        List<Parcel> parcels;
        try {
            parcels = inForce(sink) ? delivery.intend(sink, partitions) : List.of();
        } catch (PessimisticLockingFailureException e) {
            if (partitions.size() > 1) {
                partitions.forEach(partition -> deliver(sink, arrivals, List.of(partition)));
            } else {
                log.debug("{} of {} is being written to; its delivery goes on soon", partitions, sink.id(), e);
                ended(sink, partitions);
            }
            return;
        } catch (RuntimeException e) {
            partitions.forEach(partition -> failed(new PartitionKey(sink.id(), partition), sink, e));
            ended(sink, partitions);
            return;
        }
        Set<String> idle = new HashSet<>(partitions);
        parcels.forEach(parcel -> idle.remove(parcel.key().partition()));
        idle.forEach(partition -> failures.remove(new PartitionKey(sink.id(), partition)));
        ended(sink, idle);
        parcels.forEach(parcel -> handOn(sink, arrivals, parcel));
    }

    private void handOn(BufferSink sink, Arrivals arrivals, Parcel parcel) {
        long begunAt = System.nanoTime();
        delivery.handOn(sink, parcel).whenComplete((nextOffset, failure) -> {
            meters.ended(sink.id(), failure == null, begunAt);
            parcel.delivery().end(parcel, failure);
            arrivals.add(parcel, failure == null ? null : bare(failure));
        });
    }

    private static RuntimeException bare(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    /* Whatever it was: a partition that stays under way is never delivered again. */
    private void recordOrGiveUp(BufferSink sink, List<Arrival> arrivals) {
        try {
            record(sink, arrivals);
        } catch (RuntimeException e) {
            arrivals.forEach(arrival -> giveUp(sink, arrival.parcel(), e));
        }
    }

    private void record(BufferSink sink, List<Arrival> arrivals) {
        List<Parcel> arrived = new ArrayList<>();
        List<String> more = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            if (arrival.failure() == null) {
                arrived.add(arrival.parcel());
            } else if (cut(sink, arrival.parcel(), arrival.failure())) {
                more.add(arrival.parcel().key().partition());
            }
        }
        if (!arrived.isEmpty()) {
            more.addAll(recordAll(sink, arrived));
            watch.delivered();
        }
        if (!more.isEmpty()) {
            submit(sink, more);
        }
    }

    /** Records, and returns the partitions that may have more. */
    private List<String> recordAll(BufferSink sink, List<Parcel> arrived) {
        List<String> more = new ArrayList<>();
        try {
            Set<Parcel> recorded = delivery.record(sink, arrived);
            for (Parcel parcel : arrived) {
                PartitionKey key = parcel.key();
                if (recorded.contains(parcel)) {
                    failures.remove(key);
                    rates.computeIfAbsent(key.sink(), id -> new DrainRate())
                            .add(parcel.records().size());
                    outcomes.succeeded(Activity.DELIVERY, key.sink(), key.partition());
                    more.add(key.partition());
                } else {
                    giveUp(sink, parcel, Delivery.takenOver(parcel));
                }
            }
        } catch (PessimisticLockingFailureException e) {
            if (arrived.size() > 1) {
                arrived.forEach(parcel -> more.addAll(recordAll(sink, List.of(parcel))));
            } else {
                log.debug(
                        "{} is being written to; its delivery goes on soon",
                        arrived.get(0).key(),
                        e);
                delivery.release(arrived.get(0).key());
                underWay.remove(arrived.get(0).key());
            }
        } catch (RuntimeException e) {
            arrived.forEach(parcel -> giveUp(sink, parcel, e));
        }
        return more;
    }

    private void giveUp(BufferSink sink, Parcel parcel, RuntimeException why) {
        parcel.delivery().work(parcel.key()).run(() -> failed(parcel.key(), sink, why));
        delivery.release(parcel.key());
        underWay.remove(parcel.key());
    }

    /** Puts a smaller intent in the place of one that was refused; returns whether there is one. */
    private boolean cut(BufferSink sink, Parcel parcel, RuntimeException failure) {
        try {
            if (!(failure instanceof SinkException refusal)) {
                throw failure;
            }
            parcel.delivery().work(parcel.key()).run(() -> delivery.cut(sink, parcel, refusal));
            failures.remove(parcel.key());
            outcomes.succeeded(
                    Activity.DELIVERY, parcel.key().sink(), parcel.key().partition());
            delivery.release(parcel.key());
            return true;
        } catch (RuntimeException e) {
            giveUp(sink, parcel, e);
            return false;
        }
    }

    private void failed(PartitionKey key, BufferSink sink, RuntimeException e) {
        Failure before = failures.get(key);
        int tries = before == null ? 1 : before.tries() + 1;
        Duration pause = pause(tries, e instanceof SinkException said ? said.retryAfter() : null);
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        failures.put(key, new Failure(tries, System.nanoTime() + pause.toNanos(), message));
        Optional<Fault> fault = Fault.ofDelivery(e);
        fault.ifPresent(known -> outcomes.failed(Activity.DELIVERY, key.sink(), key.partition(), known));
        boolean unexpected = fault.isPresent() && fault.get().isUnexpected();
        if (unexpected && (before == null || !before.message().equals(message))) {
            log.error("{}: accepted records cannot be delivered to '{}'", key, sink.target(), e);
        }
    }

    private static Duration pause(int tries, @Nullable Duration wanted) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(tries - 1, 10));
        Duration pause =
                Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
        return wanted != null && wanted.compareTo(pause) > 0 ? wanted : pause;
    }
}
