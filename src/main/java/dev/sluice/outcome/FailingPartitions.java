package dev.sluice.outcome;

import dev.sluice.outcome.SinkOutcome.FailingPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a sink whose last try failed: some of them with all that is known, the others as a number. Guarded
 * by the window that it belongs to.
 */
final class FailingPartitions {

    static final int MOST_NAMED = 100;
    private static final int MOST_COUNTED = 100_000;

    /** What is known of a partition for which there was no room among the named ones. */
    private record Brief(Instant since, Instant last) {}

    private final Map<String, FailureRun> named = new LinkedHashMap<>();
    private final Map<String, Brief> others = new HashMap<>();

    boolean isEmpty() {
        return named.isEmpty() && others.isEmpty();
    }

    void failed(String partition, Instant now, Fault fault) {
        FailureRun known = named.get(partition);
        if (known != null) {
            known.add(now, fault);
            return;
        }
        Brief before = others.get(partition);
        Instant since = before == null ? now : before.since();
        if (named.size() < MOST_NAMED) {
            others.remove(partition);
            named.put(partition, new FailureRun(since, now, fault));
        } else if (before != null || others.size() < MOST_COUNTED) {
            others.put(partition, new Brief(since, now));
        }
    }

    /** Forgets a partition that works again; returns its failures, null if they are not known. */
    @Nullable
    FailureRun succeeded(String partition) {
        others.remove(partition);
        return named.remove(partition);
    }

    /** Returns the failures of a partition, null if they are not known. */
    @Nullable
    FailureRun run(String partition) {
        return named.get(partition);
    }

    /** Forgets those that nobody has tried for a long time, except those that somebody has to look at. */
    void forgetOld(Instant now) {
        Instant before = now.minus(FailureRun.FORGOTTEN_AFTER);
        named.values().removeIf(run -> run.isOld(now) && !run.fault().problem().equals(Fault.TARGET_BROKEN));
        others.values().removeIf(brief -> brief.last().isBefore(before));
    }

    /** Returns the named ones that have been failing for at least {@code most}, and still did after {@code recovery}. */
    Map<String, FailureRun> lasting(Duration most, Instant now, Instant recovery) {
        Map<String, FailureRun> lasting = new LinkedHashMap<>();
        named.forEach((partition, run) -> {
            boolean known =
                    run.last().isAfter(recovery) || run.fault().problem().equals(Fault.TARGET_BROKEN);
            if (known && run.hasLasted(most, now)) {
                lasting.put(partition, run);
            }
        });
        return lasting;
    }

    /** Returns which of the others have been failing for that long. */
    List<String> lastingOthers(Duration most, Instant now, Instant recovery) {
        return others.entrySet().stream()
                .filter(other -> other.getValue().last().isAfter(recovery)
                        && Duration.between(other.getValue().since(), now).compareTo(most) >= 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    static List<FailingPartition> describe(Map<String, FailureRun> runs) {
        List<FailingPartition> described = new ArrayList<>(runs.size());
        runs.forEach((partition, run) -> described.add(new FailingPartition(
                partition,
                run.since(),
                run.failures(),
                run.fault().problem(),
                run.fault().message())));
        return described;
    }
}
