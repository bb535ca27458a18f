package dev.sluice.bench.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** How long the disk takes for a small durable write: the floor under every commit. */
public final class DiskLatency {

    private static final int WRITES = 1_000;
    private static final int BYTES = 8_192;

    private DiskLatency() {}

    /** Appends 1,000 × 8 KiB, each forced to the disk as fdatasync does; says p50 and p99 in microseconds. */
    public static String measure(Path directory) throws IOException {
        Path file = directory.resolve("fsync-test");
        long[] nanos = new long[WRITES];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BYTES);
            for (int i = 0; i < WRITES; i++) {
                long start = System.nanoTime();
                channel.write(block.clear());
                channel.force(false);
                nanos[i] = System.nanoTime() - start;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        Arrays.sort(nanos);
        return "1,000 × (append 8 KiB, force): p50 %,d µs, p99 %,d µs, max %,d µs"
                .formatted(nanos[WRITES / 2] / 1_000, nanos[WRITES * 99 / 100] / 1_000, nanos[WRITES - 1] / 1_000);
    }
}
