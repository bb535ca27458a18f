package dev.sluice.campaign.nemesis;

import dev.sluice.campaign.cluster.Postgres;
import dev.sluice.campaign.cluster.Preloads;
import dev.sluice.campaign.cluster.Proxy;
import dev.sluice.campaign.cluster.ServiceNode;
import dev.sluice.campaign.cluster.SmallDisk;
import dev.sluice.campaign.cluster.Target;
import dev.sluice.campaign.stream.Damage;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Services;
import dev.sluice.campaign.stream.Silence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** The kinds of harm that a campaign knows, each as often as there is something to harm. */
public final class Faults {

    /** Loses what was acknowledged, as an asynchronous standby does: only where it is asked for by name. */
    public static final String LOSE_PRIMARY = "lose-primary";

    /** Loses what was acknowledged since a backup. */
    public static final String RESTORE_BACKUP = "restore-backup";

    public static final String BROKEN_DISK = "broken-disk";
    public static final String CLOCK_JUMP = "clock-jump";
    public static final String DATABASE_DISK_FULL = "database-disk-full";
    public static final String DATABASE_DISK_BROKEN = "database-disk-broken";

    private static final String NONE = "none";
    /* Those that a machine without libfiu and libfaketime goes without. */
    private static final Set<String> OF_LIBRARIES = Set.of(
            BROKEN_DISK,
            CLOCK_JUMP,
            DATABASE_DISK_FULL,
            DATABASE_DISK_BROKEN,
            PoolerFaults.POOLER,
            DiskFaults.FILL_DISK);

    /**
     * What an operator acts on.
     *
     * @param services with the key of an operator
     * @param silence is told of what must not be acknowledged
     */
    public record Operated(Services services, Silence silence, History history) {}

    private final List<Fault> all = new ArrayList<>();

    /** @param stop ends each fault early */
    public Faults(
            Postgres postgres,
            List<ServiceNode> services,
            List<Proxy> proxies,
            Target target,
            Preloads preloads,
            Losses losses,
            Damage damage,
            SmallDisk disk,
            Operated operated,
            AtomicBoolean stop) {
        Pauses pauses = new Pauses(stop);
        Lock tables = new ReentrantLock();
        all.addAll(new ServiceFaults(services, proxies, preloads, pauses).all());
        all.addAll(new PostgresFaults(postgres, preloads, losses, tables, pauses).all());
        all.addAll(new ProxyFaults(proxies, pauses).all());
        all.addAll(new TargetFaults(target, pauses).all());
        all.addAll(new TableFaults(postgres, damage, tables, pauses).all());
        all.addAll(new PoolerFaults(postgres, proxies, pauses).all());
        all.addAll(new DiskFaults(disk, pauses).all());
        all.addAll(new OperatorFaults(operated.services(), operated.silence(), operated.history(), pauses).all());
        all.addAll(new LetterFaults(operated.services(), operated.history(), pauses, stop).all());
    }

    /** Whether some of these lose what was acknowledged. */
    public static boolean lose(Set<String> names) {
        return names.contains(LOSE_PRIMARY) || names.contains(RESTORE_BACKUP);
    }

    /**
     * Returns what to draw from.
     *
     * @param weights how often each name is to be drawn beside the others; all alike where it is empty, without those that
     *     lose something
     * @throws IllegalArgumentException if one is unknown
     */
    public List<Fault> choose(Map<String, Integer> weights) {
        if (weights.isEmpty()) {
            return all.stream().filter(fault -> !lose(Set.of(fault.name()))).toList();
        }
        Set<String> known = all.stream().map(Fault::name).collect(Collectors.toCollection(TreeSet::new));
        List<Fault> chosen = new ArrayList<>();
        weights.forEach((name, weight) -> {
            if (!known.contains(name) && !name.equals(NONE) && !OF_LIBRARIES.contains(name)) {
                throw new IllegalArgumentException("--faults: " + name + " is none of " + known);
            }
            all.stream()
                    .filter(fault -> fault.name().equals(name))
                    .forEach(fault -> chosen.addAll(Collections.nCopies(weight, fault)));
        });
        return chosen;
    }
}
