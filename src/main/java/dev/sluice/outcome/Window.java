package dev.sluice.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one sink has fared lately. Says in the log when failures last and when they end, once each, whatever the number
 * of tries. Thread-safe; all but the time of the last success is guarded by the monitor.
 */
final class Window {

    static final int MOST_NAMED = FailingPartitions.MOST_NAMED;

    private static final Logger log = LoggerFactory.getLogger(Window.class);
    private static final int MOST_TOLD = 10;

    private final String label;
    private final Duration failingAfter;
    private final FailingPartitions partitions = new FailingPartitions();

    /* So that a success costs no lock as long as nothing fails. */
    private volatile boolean clean = true;
    private volatile @Nullable Instant lastSuccess;

    private @Nullable FailureRun run;
    /* When failures of all partitions ended last: what failed before that may work again. */
    private Instant recovery = Instant.EPOCH;

    Window(String label, Duration failingAfter) {
        this.label = label;
        this.failingAfter = failingAfter;
    }

    void succeeded(String partition, Instant now) {
        lastSuccess = now;
        if (!clean) {
            recovered(partition, now);
        }
    }

    private synchronized void recovered(String partition, Instant now) {
        FailureRun all = run;
        run = null;
        if (all != null && all.hasLasted(failingAfter, now)) {
            recovery = now;
        }
        if (all != null && all.told()) {
            log.info(
                    "{} succeeds again, after {} of nothing but failures ({}), the last one: {}",
                    label,
                    since(all, now),
                    all.failures(),
                    text(all.fault()));
        }
        FailureRun single = partitions.succeeded(partition);
        if (single != null && single.told()) {
            log.info(
                    "{}: partition '{}' succeeds again, after {} and {} failures",
                    label,
                    partition,
                    since(single, now),
                    single.failures());
        }
        clean = run == null && partitions.isEmpty();
    }

    /** Ends the failures whose outcome was unknown: the repetition has been answered, without a word to the target. */
    void settled(String partition, Instant now) {
        if (!clean && outcomeUnknown(partition)) {
            recovered(partition, now);
        }
    }

    private synchronized boolean outcomeUnknown(String partition) {
        FailureRun single = partitions.run(partition);
        return single != null && single.fault().problem().equals("outcome-unknown");
    }

    /** @param partition null where all of them failed together */
    synchronized void failed(@Nullable String partition, Instant now, Fault fault) {
        clean = false;
        if (run == null) {
            run = new FailureRun(now, now, fault);
        } else {
            run.add(now, fault);
        }
        if (partition != null) {
            partitions.failed(partition, now, fault);
        }
    }

    synchronized void failedAlone(String partition, Instant now, Fault fault) {
        clean = false;
        partitions.failed(partition, now, fault);
    }

    /** Says what has begun to last. */
    void look(Instant now) {
        if (!clean) {
            tell(now);
        }
    }

    private synchronized void tell(Instant now) {
        forgetOld(now);
        clean = run == null && partitions.isEmpty();
        FailureRun all = run;
        if (all != null && all.hasLasted(failingAfter, now)) {
            if (!all.told()) {
                all.tell();
                tellAll(all, now);
            }
            return;
        }
        Map<String, FailureRun> lasting = partitions.lasting(failingAfter, now, recovery);
        long told = lasting.values().stream().filter(FailureRun::told).count();
        for (Map.Entry<String, FailureRun> partition : lasting.entrySet()) {
            if (!partition.getValue().told() && told < MOST_TOLD) {
                partition.getValue().tell();
                told++;
                tellOne(partition.getKey(), partition.getValue(), told);
            }
        }
    }

    private void forgetOld(Instant now) {
        partitions.forgetOld(now);
        FailureRun all = run;
        if (all != null && all.isOld(now)) {
            run = null;
            if (all.told()) {
                log.info(
                        "{} has not been tried for {} minutes; whether it still fails is not known ({} failures, the"
                                + " last one: {})",
                        label,
                        FailureRun.FORGOTTEN_AFTER.toMinutes(),
                        all.failures(),
                        text(all.fault()));
            }
        }
    }

    private void tellAll(FailureRun all, Instant now) {
        Map<String, FailureRun> failing = partitions.lasting(Duration.ZERO, now, recovery);
        log.warn(
                "{} has had nothing but failures since {} ({}){}, the last one: {}",
                label,
                all.since(),
                all.failures(),
                failing.isEmpty() ? "" : ", in " + names(failing, now),
                text(all.fault()));
    }

    private String names(Map<String, FailureRun> failing, Instant now) {
        int count = failing.size()
                + partitions.lastingOthers(Duration.ZERO, now, recovery).size();
        List<String> first = failing.keySet().stream().limit(MOST_TOLD).toList();
        return count + (count == 1 ? " partition " : " partitions ") + first + (count > first.size() ? " ..." : "");
    }

    private void tellOne(String partition, FailureRun failing, long told) {
        log.warn(
                "{}: partition '{}' has been failing since {} ({}), while others succeed: {}{}",
                label,
                partition,
                failing.since(),
                failing.failures(),
                text(failing.fault()),
                told < MOST_TOLD ? "" : ". Further partitions are not logged; the health counts them");
    }

    synchronized SinkOutcome state(Instant now) {
        FailureRun all = run;
        Map<String, FailureRun> failing = partitions.lasting(failingAfter, now, recovery);
        int count = failing.size()
                + partitions.lastingOthers(failingAfter, now, recovery).size();
        return new SinkOutcome(
                all != null && all.hasLasted(failingAfter, now),
                all == null ? null : all.since(),
                all == null ? 0 : all.failures(),
                all == null ? null : all.fault().problem(),
                all == null ? null : all.fault().message(),
                lastSuccess,
                FailingPartitions.describe(failing),
                count);
    }

    /** Returns all partitions that have been failing for long. */
    synchronized Set<String> failingPartitions(Instant now) {
        Set<String> failing =
                new HashSet<>(partitions.lasting(failingAfter, now, recovery).keySet());
        failing.addAll(partitions.lastingOthers(failingAfter, now, recovery));
        return failing;
    }

    private static String since(FailureRun run, Instant now) {
        return Duration.between(run.since(), now).toSeconds() + " s";
    }

    private static String text(Fault fault) {
        return fault.problem() + ", " + fault.message();
    }
}
