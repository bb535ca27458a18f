package dev.sluice.file;

import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.SinkException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is wrong with a sink's partitions now: looks at some of those that nobody writes to, and keeps failed writes until
 * one succeeds or the disk takes a probe. Thread-safe; {@code looking} guards the place that the look has come to.
 */
final class Watches {

    /* Of a directory with 100,000 files a health check looks at some, the next one at others. */
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MOST_KEPT = 100;
    private static final int MOST_TOLD = 3;
    /* Whoever repeats a write does so sooner. What failed for another reason than room, a probe may not show. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final SinkDirectory directory;
    private final Clock clock;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private final Set<Watch> lost = ConcurrentHashMap.newKeySet();
    private final Map<Watch, Failed> failed = new ConcurrentHashMap<>();
    private final ReentrantLock looking = new ReentrantLock();
    private Iterator<Watch> next = Collections.emptyIterator();

    /**
     * Failures of one partition, without a success in between.
     *
     * @param opening whether it was not even opened
     */
    private record Failed(SinkException last, boolean opening, Instant at, Instant since, long times) {}

    Watches(SinkDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Returns the one watch of a partition.
     *
     * @param file the name of its one file, empty if it has many
     */
    Watch of(String name, String file) {
        return watches.computeIfAbsent(name, created -> new Watch(created, file, this));
    }

    void opened(Watch watch) {
        lost.remove(watch);
        failed.computeIfPresent(watch, (key, failure) -> failure.opening() ? null : failure);
    }

    void written(Watch watch) {
        failed.remove(watch);
    }

    void lost(Watch watch) {
        failed.remove(watch);
        lost.add(watch);
    }

    void failed(Watch watch, SinkException e, boolean opening) {
        Instant now = clock.instant();
        if (failed.size() < MOST_KEPT || failed.containsKey(watch)) {
            failed.merge(
                    watch,
                    new Failed(e, opening, now, now, 1),
                    (before, one) -> new Failed(e, opening, now, before.since(), before.times() + 1));
        }
    }

    /** Throws if something is lost, or cannot be written now. */
    void verify() {
        if (looking.tryLock()) {
            try {
                look();
                forgetWhatIsBack();
                forgetWhatWorksAgain();
            } finally {
                looking.unlock();
            }
        }
        tellLost();
        tellFailed();
    }

    /** Whether acknowledged records are known to be missing. */
    boolean findsLosses() {
        if (looking.tryLock()) {
            try {
                look();
            } finally {
                looking.unlock();
            }
        }
        return !lost.isEmpty();
    }

    private void look() {
        long until = System.nanoTime() + LOOK.toNanos();
        boolean again = false;
        do {
            if (!next.hasNext()) {
                if (again) {
                    return;
                }
                again = true;
                next = watches.values().iterator();
                continue;
            }
            Watch watch = next.next();
            if (watch.loss() != null) {
                lost.add(watch);
            }
        } while (System.nanoTime() < until);
    }

    private void forgetWhatWorksAgain() {
        if (failed.isEmpty()) {
            return;
        }
        long needed = 0;
        for (Failed failure : failed.values()) {
            needed = Math.max(needed, failure.last() instanceof NoRoomException full ? full.needed() : 0);
        }
        if (directory.takes(needed)) {
            Instant quietSince = clock.instant().minus(QUIET);
            failed.entrySet().removeIf(entry -> worksAgain(entry.getKey(), entry.getValue(), quietSince));
        }
    }

    private boolean worksAgain(Watch watch, Failed failure, Instant quietSince) {
        boolean likely =
                failure.last() instanceof NoRoomException || failure.at().isBefore(quietSince);
        return likely && (watch.file().isEmpty() || directory.opens(watch.file()));
    }

    private void forgetWhatIsBack() {
        long until = System.nanoTime() + LOOK.toNanos();
        lost.removeIf(watch -> System.nanoTime() < until && watch.loss() == null);
    }

    private void tellLost() {
        List<LostTargetException> losses = new ArrayList<>();
        for (Watch watch : lost) {
            LostTargetException loss = watch.loss();
            if (loss != null && losses.size() < MOST_TOLD) {
                losses.add(loss);
            }
            if (losses.size() == MOST_TOLD) {
                break;
            }
        }
        if (!losses.isEmpty()) {
            List<String> told = losses.stream().map(Throwable::getMessage).toList();
            throw new LostTargetException(
                    losses.get(0).loss(),
                    text("Acknowledged records of", "are gone", Math.max(told.size(), lost.size()), told));
        }
    }

    private void tellFailed() {
        List<String> told = new ArrayList<>();
        long count = 0;
        SinkException worst = null;
        for (Map.Entry<Watch, Failed> entry : failed.entrySet()) {
            count++;
            worst = entry.getValue().last();
            if (told.size() < MOST_TOLD) {
                told.add(text(entry.getKey(), entry.getValue()));
            }
        }
        if (worst != null) {
            throw new SinkException(worst.disposition(), text("Writes to", "fail", count, told), worst);
        }
    }

    private static String text(String of, String what, long count, List<String> told) {
        return of + (count == 1 ? " 1 partition " : " " + count + " partitions ") + what + ": "
                + String.join(" | ", told) + (count > told.size() ? " | …" : "");
    }

    private static String text(Watch watch, Failed failure) {
        String now = failure.last() instanceof NoRoomException full
                ? " (" + FileFailure.free(full.path()) + " bytes are free now)"
                : "";
        return watch.name() + ", failing since " + failure.since() + " (" + failure.times() + " times): "
                + failure.last().getMessage() + now;
    }
}
