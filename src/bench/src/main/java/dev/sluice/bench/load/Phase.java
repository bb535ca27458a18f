package dev.sluice.bench.load;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Warm-up, measurement, and the rest until everything is answered. */
final class Phase {

    private final LoadOptions options;
    private final List<PartitionCursor> partitions;
    private final boolean counted;
    private long startsAt;
    private long endsAt;
    private boolean warming;
    private boolean over;

    Phase(LoadOptions options, List<PartitionCursor> partitions, long now) {
        this.options = options;
        this.partitions = partitions;
        counted = options.seconds() == 0;
        warming = true;
        endsAt = now + TimeUnit.SECONDS.toNanos(options.warmup());
        if (options.warmup() == 0) {
            measure(now);
        }
    }

    /**
     * Goes on to the next phase when it is time; true at the moment at which the measurement begins. At a given rate it
     * does not end before all that was due in it has been sent, unless more is offered than can be taken.
     */
    boolean advance(long now, long measured, long nextDue) {
        if (warming && now >= endsAt) {
            measure(now);
            return true;
        }
        over |= !warming && !counted && now >= endsAt && (!options.countsByDue() || nextDue >= endsAt);
        over |= !warming && counted && options.requests() > 0 && measured >= options.requests();
        return false;
    }

    private void measure(long now) {
        warming = false;
        startsAt = now;
        endsAt = counted ? Long.MAX_VALUE : now + TimeUnit.SECONDS.toNanos(options.seconds());
        for (int p = 0; counted && options.requests() > 0 && p < partitions.size(); p++) {
            long share = options.requests() / partitions.size();
            long rest = options.requests() % partitions.size();
            partitions.get(p).limit(share + (p < rest ? 1 : 0));
        }
    }

    boolean warming() {
        return warming;
    }

    boolean sends() {
        return !over;
    }

    /**
     * Whether what is answered now counts. At a given rate all counts that was due in the measured time, however late
     * its answer: a service that stands still until the end would not be seen otherwise.
     */
    boolean measures(long dueAt, long now) {
        if (warming) {
            return false;
        }
        return options.countsByDue() ? dueAt >= startsAt : counted || now <= endsAt;
    }

    long endsAt() {
        return endsAt;
    }

    double seconds(long now) {
        return counted ? (now - startsAt) / 1e9 : options.seconds();
    }
}
