package dev.sluice.resolution;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.resolution.LetterRows.Choice;
import dev.sluice.resolution.Replays.By;
import dev.sluice.resolution.Replays.Outcome;
import dev.sluice.resolution.TaskStore.Adopted;
import dev.sluice.resolution.TaskStore.Progress;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Does tasks, some dead letters at a time, each lot in a transaction that also keeps how far the task is: a replica that
 * dies leaves nothing half done, and another one goes on. A few sinks at a time, one task of each: between two lots, and
 * while it waits, a task keeps no thread.
 */
@Component
class Tasks implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Tasks.class);

    private static final int AT_ONCE = 4;
    private static final int AT_A_TIME = 5_000;
    private static final long MILLIS_UNTIL_NEXT_TRY = 2_000;

    private final TaskStore store;
    private final LetterRows rows;
    private final Replays replays;
    private final SinkCatalog catalog;
    private final SinkTurns turns = new SinkTurns(AT_ONCE, "dead-letter-tasks");

    Tasks(TaskStore store, LetterRows rows, Replays replays, SinkCatalog catalog) {
        this.store = store;
        this.rows = rows;
        this.replays = replays;
        this.catalog = catalog;
    }

    /** Begins a task, or goes on with one. */
    void begin(String sink, UUID id) {
        goOn(sink, id, 0);
    }

    private void goOn(String sink, UUID id, long millis) {
        turns.in(sink, millis, () -> step(sink, id));
    }

    private void step(String sink, UUID id) {
        long began = System.nanoTime();
        try {
            Optional<Progress> progress = store.ours(id);
            if (progress.isPresent()) {
                long tried = step(progress.get());
                Long perSecond = progress.get().task().perSecond();
                long millis = perSecond == null
                        ? 0
                        : tried * 1_000 / perSecond - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                goOn(sink, id, Math.max(0, millis));
            }
        } catch (TaskEndedException e) {
            log.debug("Task {} has ended", id);
        } catch (RuntimeException e) {
            log.warn("Task {} does not come further, trying again: {}", id, e.getMessage());
            waits(id, e);
            goOn(sink, id, MILLIS_UNTIL_NEXT_TRY);
        }
    }

    private void waits(UUID id, RuntimeException why) {
        try {
            store.waits(id, String.valueOf(why.getMessage()));
        } catch (RuntimeException e) {
            log.debug("What keeps task {} cannot be kept", id, e);
        }
    }

    /** Does the next lot; returns how many dead letters it was about. */
    private long step(Progress progress) {
        Task task = progress.task();
        String partition = partition(progress);
        if (partition.isEmpty()) {
            store.end(task.id(), Task.DONE, null);
            log.info(
                    "Task {} ({} dead letters of {}) is done: {} of {} settled, {} refused",
                    task.id(),
                    task.kind(),
                    task.sink(),
                    task.done(),
                    task.expected(),
                    task.refused());
            throw new TaskEndedException();
        }
        PartitionKey key = new PartitionKey(task.sink(), partition);
        long from = partition.equals(progress.partition()) ? progress.offset() : 0;
        int most = task.perSecond() == null ? AT_A_TIME : (int) Math.min(AT_A_TIME, Math.max(1, task.perSecond()));
        Choice choice = new Choice(task.filter(), from, Long.MAX_VALUE, null, task.createdAt(), List.of(), most);
        By by = new By(progress.caller(), task.reason());
        BiConsumer<Outcome, Connection> also = (outcome, connection) -> keep(task, key, outcome);
        Outcome outcome;
        if (task.kind().equals(Task.REPLAY)) {
            Optional<SinkDefinition> sink = catalog.find(task.sink());
            if (sink.isEmpty()) {
                store.end(task.id(), Task.FAILED, "the sink is not defined any more");
                throw new TaskEndedException();
            }
            outcome = replays.replay(sink.get(), key, choice, by, also);
        } else {
            outcome = replays.discard(key, choice, by, also);
        }
        return outcome.done().size() + (long) outcome.refused().size();
    }

    private String partition(Progress progress) {
        Task task = progress.task();
        String at = progress.partition();
        if (!at.isEmpty() && progress.offset() < Long.MAX_VALUE) {
            return at;
        }
        return rows.nextPartition(task.sink(), task.filter(), at).orElse("");
    }

    /* Behind the last of the lot; where there was none, the partition is done. */
    private void keep(Task task, PartitionKey key, Outcome outcome) {
        LongStream refused = outcome.refused().stream().mapToLong(RejectedRecord::offset);
        LongStream done = outcome.done().stream().mapToLong(Long::longValue);
        // Refused ones behind what was done were tried in a larger lot: those before them were not looked at yet.
        long next = outcome.done().isEmpty()
                ? refused.max().orElse(Long.MAX_VALUE - 1) + 1
                : done.max().getAsLong() + 1;
        long refusedBefore = outcome.refused().stream()
                .filter(record -> record.offset() < next)
                .count();
        if (!store.advance(task.id(), outcome.done().size(), refusedBefore, key.partition(), next)) {
            throw new TaskEndedException();
        }
    }

    @Scheduled(fixedDelay = 5, initialDelay = 5, timeUnit = TimeUnit.SECONDS)
    void adopt() {
        try {
            for (Adopted task : store.adopt()) {
                log.info("Going on with task {}: the replica that did it is gone", task.id());
                begin(task.sink(), task.id());
            }
        } catch (DataAccessException e) {
            log.debug("Whether tasks were left cannot be seen: {}", DatabaseFailure.describe(e));
        }
    }

    @Scheduled(fixedDelay = 60, initialDelay = 5, timeUnit = TimeUnit.MINUTES)
    void prune() {
        try {
            store.prune();
        } catch (DataAccessException e) {
            log.warn("Old tasks could not be pruned, trying again in an hour: {}", DatabaseFailure.describe(e));
        }
    }

    @Override
    public void destroy() {
        turns.stop();
    }
}
