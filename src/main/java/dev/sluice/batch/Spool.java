package dev.sluice.batch;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of chunks of bytes, written once and read as often as needed: the first part in memory, where each chunk
 * lies in one piece and never changes, the rest in a temporary file. One thread at a time.
 */
final class Spool implements AutoCloseable {

    private static final int FIRST_SEGMENT = 1 << 10;
    private static final int LARGEST_SEGMENT = 1 << 16;

    private final SpoolStorage storage;
    /* All but the one that is being filled. */
    private final List<byte[]> full = new ArrayList<>();
    private final List<Integer> usedOfFull = new ArrayList<>();
    private byte[] segment = new byte[0];
    private int used;
    private long memoryTaken;
    private @Nullable FileChannel file;
    private @Nullable ByteBuffer pending;
    private long inFile;
    private boolean closed;

    Spool(SpoolStorage storage) {
        this.storage = storage;
    }

    /** Appends a chunk that is made of two parts. */
    void append(byte[] head, byte[] bytes, int start, int length) {
        int size = head.length + length;
        if (file == null && hasRoomFor(size)) {
            System.arraycopy(head, 0, segment, used, head.length);
            System.arraycopy(bytes, start, segment, used + head.length, length);
            used += size;
        } else {
            appendToFile(head, 0, head.length);
            appendToFile(bytes, start, length);
        }
    }

    private boolean hasRoomFor(int size) {
        if (segment.length - used >= size) {
            return true;
        }
        int next = Math.max(size, Math.min(LARGEST_SEGMENT, Math.max(FIRST_SEGMENT, segment.length * 4)));
        if (memoryTaken + next > storage.memoryPerBatch() || !storage.takeMemory(next)) {
            return false;
        }
        memoryTaken += next;
        if (used > 0) {
            full.add(segment);
            usedOfFull.add(used);
        }
        segment = new byte[next];
        used = 0;
        return true;
    }

    private void appendToFile(byte[] bytes, int start, int length) {
        storage.takeDisk(length);
        inFile += length;
        try {
            if (file == null) {
                file = storage.newFile();
                pending = ByteBuffer.allocate(LARGEST_SEGMENT);
            }
            int from = start;
            int end = start + length;
            while (from < end) {
                ByteBuffer buffer = Objects.requireNonNull(pending);
                int part = Math.min(end - from, buffer.remaining());
                buffer.put(bytes, from, part);
                from += part;
                if (!buffer.hasRemaining()) {
                    flush();
                }
            }
        } catch (IOException e) {
            throw new SpoolFullException("a batch could not be spooled to " + storage.directory() + ": " + e, e);
        }
    }

    private void flush() throws IOException {
        if (file != null && pending != null) {
            pending.flip();
            while (pending.hasRemaining()) {
                file.write(pending);
            }
            pending.clear();
        }
    }

    Reader newReader() {
        try {
            flush();
        } catch (IOException e) {
            throw new SpoolFullException("a batch could not be spooled to " + storage.directory() + ": " + e, e);
        }
        return new Reader();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        full.clear();
        segment = new byte[0];
        storage.returnMemory(memoryTaken);
        storage.returnDisk(inFile);
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new IllegalStateException("a temporary file could not be closed", e);
            }
        }
    }

    /** Reads from the start, in the pieces that chunks were made of. Not valid any more once the spool is closed. */
    final class Reader {

        private byte[] buffer = new byte[0];
        private int start;
        private int next;
        private int limit;
        private int segmentsRead;
        private boolean inMemory = true;
        private long filePosition;

        /** Makes the next {@code length} bytes available. */
        void take(int length) {
            if (inMemory && next == limit) {
                nextSegment();
            }
            if (!inMemory && limit - next < length) {
                fill(length);
            }
            start = next;
            next += length;
        }

        /** The array that holds what was taken last. */
        byte[] buffer() {
            return buffer;
        }

        /** Where in {@link #buffer} it starts. */
        int start() {
            return start;
        }

        /** Whether the array never changes, so that what was taken may be kept. */
        boolean lasting() {
            return inMemory;
        }

        private void nextSegment() {
            next = 0;
            if (segmentsRead < full.size()) {
                buffer = full.get(segmentsRead);
                limit = usedOfFull.get(segmentsRead);
            } else if (segmentsRead == full.size() && used > 0) {
                buffer = segment;
                limit = used;
            } else {
                inMemory = false;
                buffer = new byte[file == null ? 0 : LARGEST_SEGMENT];
                limit = 0;
            }
            segmentsRead++;
        }

        private void fill(int length) {
            int kept = limit - next;
            byte[] target = buffer.length >= length ? buffer : new byte[length];
            System.arraycopy(buffer, next, target, 0, kept);
            buffer = target;
            next = 0;
            limit = kept;
            try {
                FileChannel channel = Objects.requireNonNull(file);
                while (limit < length) {
                    int read = channel.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit), filePosition);
                    if (read <= 0) {
                        throw new EOFException(
                                "the file ends at " + channel.size() + ", expected a byte at " + filePosition);
                    }
                    limit += read;
                    filePosition += read;
                }
            } catch (IOException e) {
                throw new SpoolFullException("a spooled batch could not be read back: " + e, e);
            }
        }
    }
}
