package dev.sluice.batch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The memory and disk that all batches in flight share; both are bounded. Thread-safe. */
@Component
@EnableConfigurationProperties(SpoolProperties.class)
public class SpoolStorage {

    private final SpoolProperties properties;
    private final AtomicLong memoryUsed = new AtomicLong();
    private final AtomicLong diskUsed = new AtomicLong();

    SpoolStorage(SpoolProperties properties) {
        this.properties = properties;
    }

    /** Starts an empty batch, whose offsets come in order unless {@code anyOrder}. */
    public BatchBuilder newBatch(boolean anyOrder) {
        return new BatchBuilder(this, anyOrder);
    }

    /** Returns the bytes of memory that batches hold now. */
    public long memoryUsed() {
        return memoryUsed.get();
    }

    /** Returns the bytes of disk that batches hold now. */
    public long diskUsed() {
        return diskUsed.get();
    }

    long memoryPerBatch() {
        return properties.memoryPerBatch().toBytes();
    }

    boolean takeMemory(int bytes) {
        return take(memoryUsed, bytes, properties.memory().toBytes());
    }

    void returnMemory(long bytes) {
        memoryUsed.addAndGet(-bytes);
    }

    void takeDisk(int bytes) {
        if (!take(diskUsed, bytes, properties.disk().toBytes())) {
            throw new SpoolFullException(
                    "the batches in flight fill the spool (sluice.spool.disk=" + properties.disk() + ")", null);
        }
    }

    void returnDisk(long bytes) {
        diskUsed.addAndGet(-bytes);
    }

    FileChannel newFile() throws IOException {
        Path file = Files.createTempFile(properties.path(), "sluice-batch-", ".spool");
        return FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    Path directory() {
        return properties.path();
    }

    private static boolean take(AtomicLong used, int bytes, long limit) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }
}
