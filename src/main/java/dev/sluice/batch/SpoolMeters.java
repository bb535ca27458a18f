package dev.sluice.batch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import org.springframework.stereotype.Component;

/** What the spool holds, what it may hold, and what is left of its disk. */
@Component
class SpoolMeters implements MeterBinder {

    private final SpoolStorage storage;
    private final SpoolProperties properties;

    SpoolMeters(SpoolStorage storage, SpoolProperties properties) {
        this.storage = storage;
        this.properties = properties;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("sluice.spool.memory", storage, SpoolStorage::memoryUsed)
                .description("Bytes of memory that batches hold")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("sluice.spool.disk", storage, SpoolStorage::diskUsed)
                .description("Bytes of disk that batches hold")
                .baseUnit("bytes")
                .register(registry);
        limit("memory", properties.memory().toBytes(), registry);
        limit("disk", properties.disk().toBytes(), registry);
        File directory = properties.path().toFile();
        Gauge.builder("sluice.disk.free", () -> directory.isDirectory() ? directory.getUsableSpace() : Double.NaN)
                .description("Bytes that can still be written to the disk of a directory")
                .baseUnit("bytes")
                .tags("what", "spool", "sink", "none")
                .register(registry);
    }

    private static void limit(String medium, long most, MeterRegistry registry) {
        Gauge.builder("sluice.spool.limit", () -> most)
                .description("Bytes that batches may hold at most")
                .baseUnit("bytes")
                .tag("medium", medium)
                .register(registry);
    }
}
