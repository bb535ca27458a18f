package dev.sluice.operator;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.outcome.StorageProbe;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.LocalTarget;
import dev.sluice.sink.Sink;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Looks at the targets of all sinks at once, so that the health answers soon however many there are and whatever they
 * do: a target that hangs keeps one thread, and nobody waits for it twice. Sinks in the database are looked at by few
 * threads, and only while it answers: it is asked once for all of them. Thread-safe.
 */
@Component
class Verifications implements DisposableBean {

    /* No sink's id has a blank. */
    private static final String HERE = " here";
    private static final int AT_ONCE = 32;
    private static final int AT_ONCE_IN_THE_DATABASE = 2;
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Map<String, Verification> latest = new ConcurrentHashMap<>();
    private final ExecutorService executor = executor(AT_ONCE);
    private final ExecutorService databaseExecutor = executor(AT_ONCE_IN_THE_DATABASE);
    private final StorageProbe storage;

    /* Guarded by the monitor. */
    private long begunAt = System.nanoTime() - Verification.LIMIT_NANOS;

    Verifications(StorageProbe storage) {
        this.storage = storage;
    }

    private static ExecutorService executor(int threads) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(threads, threads, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "verification");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Begins to look at these sinks, those that are not being looked at already.
     *
     * @return until when their answers may be waited for, by {@link System#nanoTime}
     */
    long begin(List<SinkDefinition> sinks) {
        if (sinks.stream().anyMatch(sink -> isInDatabase(sink.sink()))) {
            storage.askAnew();
        }
        sinks.forEach(sink -> begin(sink.id(), sink.sink(), sink.sink()::verify));
        return deadline();
    }

    /** Begins to look at what this machine has of these targets; otherwise as {@link #begin}. */
    long beginHere(List<SinkDefinition> sinks) {
        for (SinkDefinition sink : sinks) {
            if (sink.sink() instanceof LocalTarget target) {
                begin(sink.id() + HERE, sink.sink(), target::verifyHere);
            }
        }
        return deadline();
    }

    /* All parts of one answer share it: what was waited for the database is not waited for again. */
    private synchronized long deadline() {
        long now = System.nanoTime();
        long asked = storage.askedAt();
        if (now - begunAt >= Verification.LIMIT_NANOS) {
            begunAt = now - asked < Verification.LIMIT_NANOS ? asked : now;
        }
        return Math.max(begunAt + Verification.LIMIT_NANOS, now + LEAST_NANOS);
    }

    private void begin(String name, Sink sink, Runnable look) {
        latest.compute(
                name,
                (same, known) -> known != null
                                && isOf(known, sink)
                                && !known.problem().isDone()
                        ? known
                        : start(
                                sink,
                                look,
                                known == null || !isOf(known, sink) ? new CompletableFuture<>() : known.problem()));
    }

    @SuppressWarnings("ReferenceEquality") // a sink that is put anew is another one, even if it is equal
    private static boolean isOf(Verification verification, Sink sink) {
        return verification.sink() == sink;
    }

    private Verification start(Sink sink, Runnable look, CompletableFuture<String> before) {
        Verification verification = Verification.begin(sink, look, before);
        try {
            if (isInDatabase(sink)) {
                databaseExecutor.execute(() -> inDatabase(verification));
            } else {
                executor.execute(verification::run);
            }
        } catch (RejectedExecutionException e) {
            verification.problem().complete("it could not be looked at: the service stops");
        }
        return verification;
    }

    private static boolean isInDatabase(Sink sink) {
        return sink instanceof FixedPartitionedSink<?, ?> partitioned && partitioned.transactional();
    }

    private void inDatabase(Verification verification) {
        String problem = storage.problem();
        if (problem.isEmpty()) {
            verification.run();
        } else {
            verification.problem().complete(problem);
        }
    }

    /** Returns what is wrong with a sink's target, empty for nothing; waits until {@code deadline} at most. */
    String problem(SinkDefinition definition, long deadline) {
        // One that still waits for its turn would be told by what was found before.
        String ofStorage = isInDatabase(definition.sink()) ? storage.problem() : "";
        return ofStorage.isEmpty() ? problem(definition.id(), deadline) : ofStorage;
    }

    /** Returns what is wrong with what this machine has of a target; otherwise as {@link #problem}. */
    String problemHere(SinkDefinition definition, long deadline) {
        return problem(definition.id() + HERE, deadline);
    }

    private String problem(String name, long deadline) {
        Verification verification = latest.get(name);
        return verification == null ? "" : verification.await(deadline);
    }

    /** Forgets all but these. */
    void retain(List<SinkDefinition> sinks) {
        Set<String> ids = sinks.stream()
                .flatMap(sink -> Stream.of(sink.id(), sink.id() + HERE))
                .collect(Collectors.toSet());
        latest.keySet().retainAll(ids);
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
        databaseExecutor.shutdownNow();
    }
}
