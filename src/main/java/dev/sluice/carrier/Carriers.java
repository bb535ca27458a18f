package dev.sluice.carrier;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How many platform threads carry virtual threads. From JDK 24 on it can be changed
 * ({@code jdk.management.VirtualThreadSchedulerMXBean}).
 */
class Carriers {

    /* The scheduler has no more threads than that, unless it is told so when the JVM is started. */
    private static final int MOST = 256;

    private final @Nullable PlatformManagedObject scheduler;
    private final @Nullable Method get;
    private final @Nullable Method set;

    /* All of it is done once at the start: when it is needed, classes may be what everybody waits for. */
    Carriers() {
        PlatformManagedObject found = null;
        Method getter = null;
        Method setter = null;
        try {
            Class<? extends PlatformManagedObject> type = Class.forName("jdk.management.VirtualThreadSchedulerMXBean")
                    .asSubclass(PlatformManagedObject.class);
            found = ManagementFactory.getPlatformMXBean(type);
            getter = type.getMethod("getParallelism");
            setter = type.getMethod("setParallelism", int.class);
            setter.invoke(found, getter.invoke(found));
        } catch (ReflectiveOperationException e) {
            // An older JDK.
        }
        scheduler = found;
        get = getter;
        set = setter;
    }

    /** Doubles them and returns how many there are then; nothing where that cannot be. */
    OptionalInt more() {
        if (scheduler == null || get == null || set == null) {
            return OptionalInt.empty();
        }
        try {
            int now = (int) get.invoke(scheduler);
            if (now >= MOST) {
                return OptionalInt.empty();
            }
            int more = Math.min(MOST, 2 * now);
            set.invoke(scheduler, more);
            return OptionalInt.of(more);
        } catch (ReflectiveOperationException e) {
            return OptionalInt.empty();
        }
    }
}
