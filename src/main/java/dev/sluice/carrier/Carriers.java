package dev.sluice.carrier;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * How many platform threads carry virtual threads. From JDK 24 on it can be changed
 * ({@code jdk.management.VirtualThreadSchedulerMXBean}).
 */
class Carriers {

    /* The scheduler has no more threads than that, unless it is told so when the JVM is started. */
    private static final int MOST = 256;

    private final @Nullable PlatformManagedObject scheduler;
    private final @Nullable Method setter;
    private final int usual;
    private int now;

    /* All of it is done once at the start: when it is needed, classes may be what everybody waits for. */
    Carriers() {
        PlatformManagedObject found = null;
        Method set = null;
        int parallelism = 0;
        try {
            Class<? extends PlatformManagedObject> type = Class.forName("jdk.management.VirtualThreadSchedulerMXBean")
                    .asSubclass(PlatformManagedObject.class);
            found = ManagementFactory.getPlatformMXBean(type);
            set = type.getMethod("setParallelism", int.class);
            parallelism = (int) type.getMethod("getParallelism").invoke(found);
            set.invoke(found, parallelism);
        } catch (ReflectiveOperationException e) {
            set = null; // An older JDK.
        }
        scheduler = found;
        setter = set;
        usual = parallelism;
        now = parallelism;
    }

    /** Doubles them and returns whether that was possible. */
    boolean more() {
        return now < MOST && set(Math.min(MOST, 2 * now));
    }

    /** Goes back to as many as there were at the beginning. */
    void asUsual() {
        set(usual);
    }

    /** Returns how many there are; 0 where it cannot be changed. */
    int count() {
        return now;
    }

    private boolean set(int parallelism) {
        if (setter == null) {
            return false;
        }
        try {
            setter.invoke(scheduler, parallelism);
            now = parallelism;
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
