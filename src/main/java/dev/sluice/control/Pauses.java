package dev.sluice.control;

import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.snapshot.Claims;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What is paused, as this process knows it: looked at twice a second, and asked for in memory before each write. A
 * process that has not looked for a while, because it was stopped, looks before it answers. Thread-safe.
 */
@Component
public class Pauses implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(Pauses.class);
    private static final long MILLIS_BETWEEN = 500;

    /* Less than what a process is taken for living without a sign of life: one that does not count must not go on. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NANOS_BETWEEN_EFFECTS = TimeUnit.MILLISECONDS.toNanos(50);

    /* By sink and by partition, which is empty for the sink as a whole. */
    private record Known(long revision, Map<String, Map<String, List<Pause>>> pauses) {
        static final Known NOTHING = new Known(-1, Map.of());

        static Known of(long revision, List<Pause> all) {
            return new Known(
                    revision,
                    all.stream()
                            .collect(Collectors.groupingBy(
                                    pause -> pause.scope().sink(), Collectors.groupingBy(Known::partition))));
        }

        private static String partition(Pause pause) {
            return Objects.requireNonNullElse(pause.scope().partition(), "");
        }

        boolean nothingInForce() {
            return pauses.isEmpty()
                    || pauses.values().stream()
                            .flatMap(bySink -> bySink.values().stream())
                            .flatMap(List::stream)
                            .noneMatch(Pause::inForce);
        }

        Stream<Pause> of(String sink, String partition, Flow flow) {
            Map<String, List<Pause>> bySink = pauses.get(sink);
            return bySink == null
                    ? Stream.empty()
                    : Stream.of("", partition)
                            .flatMap(name -> bySink.getOrDefault(name, List.of()).stream())
                            .filter(pause -> pause.flow() == flow && pause.inForce());
        }
    }

    private final PauseStore store;
    private final String replica;

    /* Guards failure and failedAt; known and lastLook are written under it. */
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Known known = Known.NOTHING;
    private volatile long lastLook = System.nanoTime();
    private @Nullable RuntimeException failure;
    private long failedAt;

    /* Of the one thread that polls. */
    private boolean interrupted;

    Pauses(PauseStore store, Claims claims) {
        this.store = store;
        this.replica = claims.replica();
    }

    @Override
    public void afterSingletonsInstantiated() {
        look();
    }

    @Scheduled(initialDelay = MILLIS_BETWEEN, fixedDelay = MILLIS_BETWEEN)
    void poll() {
        try {
            look();
            if (interrupted) {
                log.info("What is paused can be looked at again");
            }
            interrupted = false;
        } catch (DataAccessException | TransactionException e) {
            if (!interrupted) {
                log.warn("What is paused cannot be looked at: {}", DatabaseFailure.describe(e));
            }
            interrupted = true;
        }
    }

    /** Brings what is known to what the database has, and says so there. */
    void look() {
        looking.lock();
        try {
            long began = System.nanoTime();
            PauseStore.Revision revision = store.revision(replica);
            if (revision.last() != known.revision()) {
                known = Known.of(revision.last(), store.load());
            }
            lastLook = began;
            if (revision.seen() != null && revision.seen() != revision.last()) {
                store.see(replica, revision.last());
            }
        } catch (DataAccessException | TransactionException e) {
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        } finally {
            looking.unlock();
        }
    }

    private Known fresh() {
        if (System.nanoTime() - lastLook > STALE_NANOS) {
            lookOnce();
        }
        return known;
    }

    /* Where the database does not answer, those who wait for the same look fail with it. */
    private void lookOnce() {
        long asked = System.nanoTime();
        boolean locked = false;
        try {
            locked = looking.tryLock(LONGEST_LOOK_NANOS, TimeUnit.NANOSECONDS);
            if (!locked) {
                throw new DataAccessResourceFailureException("what is paused could not be looked at in time");
            }
            RuntimeException failed = failure;
            if (failed != null && failedAt - asked > 0) {
                throw failed;
            }
            if (System.nanoTime() - lastLook > STALE_NANOS) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("the service is stopping", e);
        } finally {
            if (locked) {
                looking.unlock();
            }
        }
    }

    /**
     * Whether nothing at all is paused. This one and those below throw a {@link DataAccessException} where what is known
     * is too old and the database cannot be asked.
     */
    public boolean none() {
        return fresh().nothingInForce();
    }

    /** Returns why a partition takes nothing, empty if it does. */
    public Optional<Pause> intake(String sink, String partition) {
        return fresh().of(sink, partition, Flow.INTAKE).findFirst();
    }

    /** Returns why nothing is delivered of a partition, empty if it is. */
    public Optional<Pause> delivery(String sink, String partition) {
        return fresh().of(sink, partition, Flow.DELIVERY).findFirst();
    }

    /** Whether all that waits in a partition is to be delivered at once. */
    public boolean drains(String sink, String partition) {
        return fresh().of(sink, partition, Flow.INTAKE).anyMatch(Pause::drains);
    }

    /** Returns what is paused of a sink and of its partitions, that of the sink as a whole first. */
    public List<Pause> of(String sink) {
        return new TreeMap<>(known.pauses().getOrDefault(sink, Map.of()))
                .values().stream().flatMap(List::stream).filter(Pause::inForce).toList();
    }

    /** Returns those of a sink's partitions of which something is paused, as far as is known; asks nobody. */
    public Set<String> partitions(String sink, Collection<String> all) {
        Set<String> paused = new HashSet<>();
        for (Pause pause : of(sink)) {
            String partition = pause.scope().partition();
            if (partition == null) {
                return Set.copyOf(all);
            }
            paused.add(partition);
        }
        return paused;
    }

    /** Returns what is paused of a partition, by itself or with its sink. */
    public List<Pause> of(String sink, String partition) {
        return Stream.of(Flow.values())
                .flatMap(flow -> known.of(sink, partition, flow))
                .toList();
    }

    /** Returns how many of the living replicas know all that this one does. */
    public Effect effect() {
        return store.effect(known.revision());
    }

    /** Waits until all living replicas have seen a change, at most as long as that; returns how many have. */
    Effect await(long revision, Duration most) {
        long until = System.nanoTime() + most.toNanos();
        look();
        Effect effect = store.effect(revision);
        try {
            while (!effect.everywhere() && System.nanoTime() - until < 0) {
                TimeUnit.NANOSECONDS.sleep(NANOS_BETWEEN_EFFECTS);
                effect = store.effect(revision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return effect;
    }
}
