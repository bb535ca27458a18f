package dev.sluice.commit;

import dev.sluice.sink.JointSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one sink that have batches waiting, in the order in which they came. Whoever finds fewer groups under
 * way than there may be takes what waits, from as many lanes as fit, and commits it together; a lane with much waiting
 * is a group of its own. A lone batch is a group at once. Beside groups under way another one begins when it is as
 * large as they are, unless they hang.
 *
 * <p>All fields are guarded by this, which is never held during I/O. The lanes in it are led by it: their batches are
 * nobody else's.
 */
final class GroupQueue {

    private static final Logger log = LoggerFactory.getLogger(GroupQueue.class);

    /** What is committed together: batches by their lanes. Large ones leave the places for small ones free. */
    private record Group(JointSink sink, Map<Lane, Share> shares, boolean large) {}

    private static final int MOST_ALONE_AT_A_TIME = 16;

    private final JointCommit commits;
    private final Consumer<Runnable> executor;
    private final long jointBytes;
    private final int placesForSmall;
    private final int placesForLarge;
    private final Deque<Lane> small = new ArrayDeque<>();
    private final Deque<Lane> large = new ArrayDeque<>();
    private int smallUnderWay;
    private int largeUnderWay;
    /** The small groups under way that another one has to be as large as: those that hang are not among them. */
    private final Set<Group> compared = identical();
    /** Those that were among them at the last sweep. */
    private final Set<Group> old = identical();

    GroupQueue(JointCommit commits, LaneProperties properties, Consumer<Runnable> executor) {
        this.commits = commits;
        this.executor = executor;
        this.jointBytes = properties.jointBytes().toBytes();
        this.placesForSmall = properties.jointGroups();
        this.placesForLarge = Math.max(1, properties.concurrentCommits() - properties.jointGroups());
    }

    /** Takes the lead of a lane over. If it can be committed now, the caller does that where it {@code leads}. */
    void add(Lane lane, boolean leads) {
        Group group;
        List<Lane> others = new ArrayList<>();
        synchronized (this) {
            enqueue(lane);
            group = next(others);
        }
        others.forEach(Lane::goOn);
        if (group != null && leads) {
            // A request works for others once, not for ever.
            start(lead(group));
        } else if (group != null) {
            start(List.of(group));
        }
    }

    /**
     * Takes groups that were under way at the last sweep, too, for hanging, on somebody else's lock or a standby: nobody
     * waits for these. Called again and again, so that no group needs a clock.
     */
    void sweep() {
        List<Lane> others = new ArrayList<>();
        Group group;
        synchronized (this) {
            old.forEach(compared::remove);
            old.clear();
            old.addAll(compared);
            group = next(others);
        }
        others.forEach(Lane::goOn);
        if (group != null) {
            start(List.of(group));
        }
    }

    private void enqueue(Lane lane) {
        (lane.waitingBytes() > jointBytes ? large : small).add(lane);
    }

    private void start(List<Group> groups) {
        groups.forEach(group -> executor.accept(() -> leadOn(group)));
    }

    private void leadOn(Group first) {
        List<Group> groups = List.of(first);
        while (!groups.isEmpty()) {
            start(groups.subList(1, groups.size()));
            groups = lead(groups.get(0));
        }
    }

    /** Commits a group and returns those that can be committed after it. */
    private List<Group> lead(Group group) {
        Set<Share> left = commit(group);
        List<Lane> more = new ArrayList<>();
        List<Map.Entry<Lane, Share>> toDoAlone = new ArrayList<>();
        group.shares().entrySet().forEach(entry -> {
            if (left.contains(entry.getValue())) {
                toDoAlone.add(entry);
            } else if (entry.getKey().committed(entry.getValue().batches())) {
                more.add(entry.getKey());
            }
        });
        alone(toDoAlone);
        return ended(group, more);
    }

    /** Returns what could not be committed with the others. */
    private Set<Share> commit(Group group) {
        Set<Share> left = identical();
        try {
            left.addAll(commits.commit(group.sink(), List.copyOf(group.shares().values())));
        } catch (RuntimeException | Error e) {
            fail(group.shares().values(), e);
        }
        return left;
    }

    private static <T> Set<T> identical() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /* Beside the group, a few at a time: the rows may be held by another replica, or by one that is stopped. */
    private void alone(List<Map.Entry<Lane, Share>> lanes) {
        int size = Math.max(1, (lanes.size() + MOST_ALONE_AT_A_TIME - 1) / MOST_ALONE_AT_A_TIME);
        for (int from = 0; from < lanes.size(); from += size) {
            List<Map.Entry<Lane, Share>> some = lanes.subList(from, Math.min(lanes.size(), from + size));
            executor.accept(() -> some.forEach(entry -> alone(entry.getKey(), entry.getValue())));
        }
    }

    /* Whatever it was: somebody waits for each of these batches. */
    private static void fail(Collection<Share> shares, Throwable e) {
        log.error("The batches of {} partitions failed unexpectedly", shares.size(), e);
        PartitionFailure failure = new PartitionFailure(PartitionFailure.Kind.OUTCOME_UNKNOWN, "an unexpected " + e, e);
        shares.forEach(share -> share.fail(failure));
    }

    private void alone(Lane lane, Share share) {
        try {
            commits.alone(share);
        } catch (RuntimeException | Error e) {
            fail(List.of(share), e);
        }
        if (lane.committed(share.batches())) {
            lane.goOn();
        }
    }

    private List<Group> ended(Group group, List<Lane> more) {
        List<Group> groups = new ArrayList<>();
        List<Lane> others = new ArrayList<>();
        synchronized (this) {
            if (group.large()) {
                largeUnderWay--;
            } else {
                smallUnderWay--;
                compared.remove(group);
            }
            for (Lane lane : more) {
                if (lane.joint() == null) {
                    others.add(lane);
                } else {
                    enqueue(lane);
                }
            }
            for (Group ready = next(others); ready != null; ready = next(others)) {
                groups.add(ready);
            }
        }
        others.forEach(Lane::goOn);
        return groups;
    }

    /** Returns a group that can be committed now, null if there is none; adds lanes that were waiting for nothing. */
    private @Nullable Group next(List<Lane> emptied) {
        Group group = null;
        while (group == null && smallUnderWay < placesForSmall && !small.isEmpty() && isAsLargeAsThoseUnderWay()) {
            group = take(small, false, emptied);
        }
        while (group == null && largeUnderWay < placesForLarge && !large.isEmpty()) {
            group = take(large, true, emptied);
        }
        return group;
    }

    /* Otherwise large groups would alternate with tiny ones, which cost a transaction each for a batch or two. */
    private boolean isAsLargeAsThoseUnderWay() {
        int lanes = compared.stream().mapToInt(group -> group.shares().size()).sum();
        return small.size() * compared.size() >= lanes;
    }

    /** Takes a group; null if the first lane has nothing for it any more. */
    private @Nullable Group take(Deque<Lane> lanes, boolean isLarge, List<Lane> emptied) {
        JointSink sink = lanes.element().joint();
        if (sink == null) {
            emptied.add(lanes.remove());
            return null;
        }
        Map<Lane, Share> shares = new LinkedHashMap<>();
        long bytes = 0;
        while (!lanes.isEmpty() && lanes.element().joint() == sink && (shares.isEmpty() || bytes < jointBytes)) {
            Lane lane = lanes.remove();
            Share share = lane.share(sink, isLarge ? Long.MAX_VALUE : jointBytes - bytes);
            bytes += share.batches().stream().mapToLong(BatchEntry::bytes).sum();
            shares.put(lane, share);
        }
        Group group = new Group(sink, shares, isLarge);
        if (isLarge) {
            largeUnderWay++;
        } else {
            smallUnderWay++;
            compared.add(group);
        }
        return group;
    }
}
