package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.deadletter.DeadLetterPolicy;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.snapshot.OffsetRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records of a batch that its target has refused and that it is to be written without: they become dead letters.
 * Changed by the round that has the batch, read under the lane's monitor afterwards.
 */
final class Aside {

    /** An operator has taken back what a batch was about to be written without: it is to be tried with it. */
    static final class TakenBackException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private TakenBackException() {
            super(null, null, false, false);
        }
    }

    /* What passes alone may still be refused beside others; a batch that is never at rest is refused as a whole. */
    private static final int MOST_ROUNDS = 3;

    /* What it has of the others it knows by the key of the whole batch. */
    private static final String ONLY_ALONE =
            "the target being outside the database: it settles a record that comes alone."
                    + " Send its records one by one, or put a sink of type batching in front of it, which does so by itself";

    private final @Nullable DeadLetterPolicy policy;
    private final boolean divisible;
    private final SortedMap<Long, RejectedRecord> records = new TreeMap<>();
    private final Set<Long> permitted = new TreeSet<>();
    private int rounds;
    private @Nullable String bound;

    /** @param divisible whether the batch can be written without some of its records, or has no others */
    Aside(@Nullable DeadLetterPolicy policy, boolean divisible) {
        this.policy = policy;
        this.divisible = divisible;
    }

    /** Whether no record is to be left out. */
    boolean isEmpty() {
        return records.isEmpty();
    }

    boolean contains(long offset) {
        return records.containsKey(offset);
    }

    @Nullable
    RejectedRecord why(long offset) {
        return records.get(offset);
    }

    DeadLetterPolicy policy() {
        return policy == null || (!isEmpty() && permitted.containsAll(records.keySet()))
                ? DeadLetterPolicy.SET_ASIDE
                : policy;
    }

    /** Returns the offsets of all that is left out. */
    Set<Long> offsets() {
        return Set.copyOf(records.keySet());
    }

    /**
     * Takes what an operator has set aside of what the target refuses; returns whether the batch is to be tried without
     * it.
     *
     * @param setAside offsets of the batch that the operator named
     */
    boolean permit(Rejected rejected, Set<Long> setAside) {
        if (!divisible) {
            return false;
        }
        boolean more = false;
        for (RejectedRecord record : rejected.records()) {
            if (setAside.contains(record.offset()) && permitted.add(record.offset())) {
                records.put(record.offset(), record);
                more = true;
            }
        }
        bound = more ? null : bound;
        return more;
    }

    /** Whether some of it is left out because an operator has named it, and for no other reason. */
    boolean needsPermission() {
        return !permitted.isEmpty();
    }

    /** Whether all that needs it is permitted still. */
    boolean isPermitted(Set<Long> setAside) {
        return setAside.containsAll(permitted);
    }

    /**
     * Leaves out no longer what was permitted and is not any more.
     *
     * @throws TakenBackException if there is such a record
     */
    void requirePermission(Set<Long> setAside) {
        if (!isPermitted(setAside)) {
            records.keySet().removeIf(offset -> permitted.contains(offset) && !setAside.contains(offset));
            permitted.retainAll(setAside);
            throw new TakenBackException();
        }
    }

    /** Returns how many are in the ranges, which do not overlap. */
    long within(List<OffsetRange> ranges) {
        return ranges.stream()
                .mapToLong(range -> records.subMap(range.first(), range.end()).size())
                .sum();
    }

    /**
     * Takes what is known to be refused before the batch was tried.
     *
     * @return whether that is all of it, so that the rest can be written
     */
    boolean take(Refusals refusals) {
        boolean takes = policy != null
                && divisible
                && refusals.count() > 0
                && refusals.count()
                        <= Math.min(policy.maxPerBatch(), refusals.listed().size());
        if (takes) {
            add(refusals.listed());
        }
        return takes;
    }

    /** Takes what the target has refused; returns whether the batch is to be tried without it. */
    boolean take(Rejected rejected) {
        if (policy != null && !divisible) {
            bound = ONLY_ALONE;
            return false;
        }
        if (policy == null || !rejected.records().stream().anyMatch(record -> !contains(record.offset()))) {
            return false;
        }
        Set<Long> all = new TreeSet<>(records.keySet());
        rejected.records().forEach(record -> all.add(record.offset()));
        all.removeAll(permitted);
        boolean unlisted = !rejected.complete() && rejected.records().size() == Refusals.MOST_LISTED;
        if (unlisted || all.size() > policy.maxPerBatch()) {
            bound = tooMany(policy, all.size());
            return false;
        }
        add(rejected.records());
        bound = null;
        rounds++;
        if (rounds > MOST_ROUNDS) {
            bound = "a target that refuses other records each time that it is tried without those refused before";
            return false;
        }
        return true;
    }

    /** Whether what the target refuses can be found as the rest is written. */
    boolean mayBeSifted() {
        return policy != null && divisible;
    }

    /** Returns how many records more may be left out. */
    int room() {
        Set<Long> unasked = new TreeSet<>(records.keySet());
        unasked.removeAll(permitted);
        return policy == null ? 0 : Math.max(0, policy.maxPerBatch() - unasked.size());
    }

    /** Leaves out what the target has refused as the rest was written; not more than there was {@link #room} for. */
    void sifted(List<RejectedRecord> refused) {
        add(refused);
        bound = null;
    }

    /** Returns what is left of the ranges. */
    List<OffsetRange> leftOf(List<OffsetRange> ranges) {
        if (isEmpty()) {
            return ranges;
        }
        List<OffsetRange> left = new ArrayList<>();
        for (OffsetRange range : ranges) {
            long from = range.first();
            for (long offset : records.subMap(range.first(), range.end()).keySet()) {
                if (from < offset) {
                    left.add(new OffsetRange(from, offset));
                }
                from = offset + 1;
            }
            if (from < range.end()) {
                left.add(new OffsetRange(from, range.end()));
            }
        }
        return left;
    }

    private static String tooMany(DeadLetterPolicy policy, long count) {
        return "dead-letters.max-per-batch=" + policy.maxPerBatch() + ": of this batch " + count
                + " records or more are refused. So many have one cause: look at the target and the writer's format";
    }

    private void add(Collection<RejectedRecord> refused) {
        refused.forEach(record -> records.put(record.offset(), record));
    }

    /** Returns the refusal with all that was refused before, and why none of it is settled. */
    Rejected told(Rejected rejected) {
        if (policy == null || (isEmpty() && bound == null)) {
            return rejected;
        }
        SortedMap<Long, RejectedRecord> all = new TreeMap<>(records);
        rejected.records().forEach(record -> all.put(record.offset(), record));
        all.keySet().removeAll(permitted);
        return new Rejected(
                all.values().stream().limit(Refusals.MOST_LISTED).toList(),
                rejected.complete() && all.size() <= Refusals.MOST_LISTED,
                rejected.reason(),
                rejected.bound() != null ? rejected.bound() : bound);
    }
}
