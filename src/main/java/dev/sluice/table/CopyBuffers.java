package dev.sluice.table;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers that wait for their next use, a bounded number. Thread-safe. */
final class CopyBuffers {

    static final int BYTES = 64 * 1024;
    private static final int KEPT = 128;

    private final BlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(KEPT);

    byte[] take() {
        byte[] buffer = idle.poll();
        return buffer == null ? new byte[BYTES] : buffer;
    }

    void giveBack(byte[] buffer) {
        if (buffer.length == BYTES) {
            idle.offer(buffer);
        }
    }
}
