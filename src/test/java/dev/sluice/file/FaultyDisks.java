package dev.sluice.file;

import java.time.Clock;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** As a component of the service: all its file sinks write to a disk that is full when a test says so. */
public final class FaultyDisks implements BeanPostProcessor {

    private static final int MOST_OPEN = 100;
    private static final FaultyDisk DISK = new FaultyDisk();

    /** From now on there is no room. */
    public static void fill() {
        DISK.refuse("No space left on device");
    }

    /** There is room again. */
    public static void makeRoom() {
        DISK.refuse("");
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof FileSinkType
                ? new FileSinkType(Clock.systemUTC(), DISK, new FileHandles(MOST_OPEN))
                : bean;
    }
}
