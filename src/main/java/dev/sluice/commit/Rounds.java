package dev.sluice.commit;

import dev.sluice.commit.CommitMeters.Kind;
import dev.sluice.request.Work;
import dev.sluice.sink.FixedPartitionedSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one sink that are ready, in the order in which they became so. Whoever finds fewer rounds under way than
 * there may be takes what waits, from as many lanes as fit, and commits it together; a lane with much waiting is a round
 * of its own. A lone batch is a round at once. Beside rounds under way another one begins when it is as large as they
 * are, unless they hang. What does not go together with other partitions is a round of one at once.
 *
 * <p>All fields are guarded by this, which is never held during I/O.
 */
final class Rounds {

    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    /** What is committed together. Large rounds leave the places for small ones free. */
    private record Group(List<Share> shares, boolean large) {}

    private final Committer committer;
    private final Executor executor;
    private final CommitMeters meters;
    private final boolean joint;
    private final long jointBytes;
    private final int placesForSmall;
    private final int placesForLarge;
    private final int mostSends;
    private final Deque<Lane> small = new ArrayDeque<>();
    private final Deque<Lane> large = new ArrayDeque<>();
    private int smallUnderWay;
    private int largeUnderWay;
    private int sends;
    /** The small rounds under way that another one has to be as large as: those that hang are not among them. */
    private final Set<Group> compared = identical();
    /** Those that were among them at the last sweep. */
    private final Set<Group> old = identical();

    /** {@code joint} is whether the database takes many partitions in one transaction. */
    Rounds(Committer committer, LaneProperties properties, boolean joint, Executor executor, CommitMeters meters) {
        this.committer = committer;
        this.executor = executor;
        this.meters = meters;
        this.joint = joint;
        this.jointBytes = properties.jointBytes().toBytes();
        this.placesForSmall = properties.jointGroups();
        this.placesForLarge = Math.max(1, properties.concurrentCommits() - properties.jointGroups());
        this.mostSends = properties.sends();
    }

    private static <T> Set<T> identical() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Takes a lane that is ready. If something can be committed now, the caller does that where it {@code leads}. */
    void add(Lane lane, boolean leads) {
        if (!goesTogether(lane)) {
            if (leads) {
                alone(lane);
            } else {
                executor.execute(() -> alone(lane));
            }
            return;
        }
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

    private boolean goesTogether(Lane lane) {
        return joint && lane.together() != null;
    }

    private void enqueue(Lane lane) {
        (lane.waitingBytes() > jointBytes ? large : small).add(lane);
    }

    /** Begins what can be begun, after a place has become free. */
    private void goOn() {
        List<Lane> others = new ArrayList<>();
        Group group;
        synchronized (this) {
            group = next(others);
        }
        others.forEach(Lane::goOn);
        if (group != null) {
            start(List.of(group));
        }
    }

    /**
     * Takes rounds that were under way at the last sweep, too, for hanging, on somebody else's lock or a standby: nobody
     * waits for these. Called again and again, so that no round needs a clock.
     */
    void sweep() {
        synchronized (this) {
            old.forEach(compared::remove);
            old.clear();
            old.addAll(compared);
        }
        goOn();
    }

    /** Counts a batch that is being sent: while too many are, no round begins. */
    synchronized void sends() {
        sends++;
    }

    /** Returns how many are. */
    synchronized int sending() {
        return sends;
    }

    /** Takes a batch that is not being sent any more from the count. */
    void sent() {
        synchronized (this) {
            sends--;
        }
        goOn();
    }

    private void start(List<Group> groups) {
        groups.forEach(group -> executor.execute(() -> leadOn(group)));
    }

    private void leadOn(Group first) {
        List<Group> groups = List.of(first);
        while (!groups.isEmpty()) {
            start(groups.subList(1, groups.size()));
            groups = lead(groups.get(0));
        }
    }

    /** Commits a round and returns those that can be committed after it. */
    private List<Group> lead(Group group) {
        meters.begin(Kind.JOINT, group.shares());
        work(group.shares()).run(() -> attempt(group.shares(), () -> committer.commit(group.shares())));
        return ended(group);
    }

    private void alone(Lane lane) {
        TaskEntry<?> task = lane.task();
        if (task != null) {
            try {
                task.run();
            } finally {
                lane.goOn();
            }
            return;
        }
        Share share = lane.shareApart();
        if (share.batches().isEmpty()) {
            lane.goOn();
            return;
        }
        meters.begin(Kind.SINGLE, List.of(share));
        share.work().run(() -> attempt(List.of(share), () -> committer.commitApart(share)));
    }

    /* Whoever's request this thread has come with: it works for all of these now. */
    private static Work work(List<Share> shares) {
        Share first = shares.get(0);
        return shares.size() == 1 ? first.work() : Work.of(null, first.key().sink(), null);
    }

    /* Whatever it was: somebody waits for each of these batches. */
    private static void attempt(List<Share> shares, Runnable commit) {
        try {
            commit.run();
        } catch (RuntimeException | Error e) {
            log.error("The batches of {} partitions failed unexpectedly", shares.size(), e);
            PartitionFailure failure =
                    new PartitionFailure(PartitionFailure.Kind.OUTCOME_UNKNOWN, "an unexpected " + e, e);
            shares.forEach(share -> {
                share.fail(failure);
                share.end();
            });
        }
    }

    private List<Group> ended(Group group) {
        List<Group> groups = new ArrayList<>();
        List<Lane> others = new ArrayList<>();
        synchronized (this) {
            if (group.large()) {
                largeUnderWay--;
            } else {
                smallUnderWay--;
                compared.remove(group);
            }
            for (Group ready = next(others); ready != null; ready = next(others)) {
                groups.add(ready);
            }
        }
        others.forEach(Lane::goOn);
        return groups;
    }

    /** Returns a round that can be committed now, null if there is none; adds lanes that do not go together any more. */
    private @Nullable Group next(List<Lane> others) {
        if (sends >= mostSends) {
            return null;
        }
        Group group = null;
        while (group == null && smallUnderWay < placesForSmall && !small.isEmpty() && isAsLargeAsThoseUnderWay()) {
            group = take(small, false, others);
        }
        while (group == null && largeUnderWay < placesForLarge && !large.isEmpty()) {
            group = take(large, true, others);
        }
        return group;
    }

    /* Otherwise large rounds would alternate with tiny ones, which cost a transaction each for a batch or two. */
    private boolean isAsLargeAsThoseUnderWay() {
        int lanes = compared.stream().mapToInt(group -> group.shares().size()).sum();
        return small.size() * compared.size() >= lanes;
    }

    /** Takes a round; null if the first lane has nothing for it any more. */
    private @Nullable Group take(Deque<Lane> lanes, boolean isLarge, List<Lane> others) {
        FixedPartitionedSink<?, ?> sink = lanes.element().together();
        if (sink == null) {
            others.add(lanes.remove());
            return null;
        }
        List<Share> shares = new ArrayList<>();
        long bytes = 0;
        int most = mostSends - sends;
        while (!lanes.isEmpty()
                && lanes.element().together() == sink
                && (shares.isEmpty() || bytes < jointBytes)
                && shares.size() < most) {
            Lane lane = lanes.remove();
            Share share = lane.share(sink, isLarge ? Long.MAX_VALUE : jointBytes - bytes);
            if (share.batches().isEmpty()) {
                others.add(lane); // it was answered as too late a moment ago
            } else {
                bytes += share.batches().stream().mapToLong(BatchEntry::bytes).sum();
                shares.add(share);
            }
        }
        if (shares.isEmpty()) {
            return null;
        }
        Group group = new Group(shares, isLarge);
        if (isLarge) {
            largeUnderWay++;
        } else {
            smallUnderWay++;
            compared.add(group);
        }
        return group;
    }
}
