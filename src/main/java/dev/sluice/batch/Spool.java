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
 * A sequence of bytes, written once and read as often as needed: the first part in memory, the rest in a temporary
 * file. One thread at a time.
 */
final class Spool implements AutoCloseable {

    private static final int FIRST_SEGMENT = 1 << 10;
    private static final int LARGEST_SEGMENT = 1 << 16;

    private final SpoolStorage storage;
    private final List<byte[]> segments = new ArrayList<>();
    private long inMemory;
    private long memoryTaken;
    private int segmentUsed;
    private @Nullable FileChannel file;
    private @Nullable ByteBuffer pending;
    private long inFile;
    private boolean closed;

    Spool(SpoolStorage storage) {
        this.storage = storage;
    }

    void append(byte[] bytes, int start, int length) {
        int from = start;
        int left = length;
        while (left > 0 && file == null) {
            byte[] segment = segmentWithRoom();
            if (segment == null) {
                break;
            }
            int part = Math.min(left, segment.length - segmentUsed);
            System.arraycopy(bytes, from, segment, segmentUsed, part);
            segmentUsed += part;
            inMemory += part;
            from += part;
            left -= part;
        }
        if (left > 0) {
            appendToFile(bytes, from, left);
        }
    }

    /** Returns a segment with room, or null once memory is used up. */
    private byte @Nullable [] segmentWithRoom() {
        byte[] last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last != null && segmentUsed < last.length) {
            return last;
        }
        int size = last == null ? FIRST_SEGMENT : Math.min(LARGEST_SEGMENT, last.length * 4);
        if (memoryTaken + size > storage.memoryPerBatch() || !storage.takeMemory(size)) {
            return null;
        }
        memoryTaken += size;
        byte[] segment = new byte[size];
        segments.add(segment);
        segmentUsed = 0;
        return segment;
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
        segments.clear();
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

    /** Reads from the start. Not valid any more once the spool is closed. */
    final class Reader {

        private long position;
        private int segment;
        private int inSegment;
        private final ByteBuffer window = ByteBuffer.allocate(file == null ? 0 : LARGEST_SEGMENT);
        private long windowStart = -1;

        void read(byte[] into, int start, int length) {
            move(into, start, length);
        }

        void skip(int length) {
            move(null, 0, length);
        }

        private void move(byte @Nullable [] into, int start, int length) {
            int to = start;
            int left = length;
            while (left > 0) {
                int part = position < inMemory ? fromMemory(into, to, left) : fromFile(into, to, left);
                position += part;
                to += part;
                left -= part;
            }
        }

        private int fromMemory(byte @Nullable [] into, int to, int length) {
            byte[] bytes = segments.get(segment);
            int part = (int) Math.min(Math.min(length, bytes.length - inSegment), inMemory - position);
            if (into != null) {
                System.arraycopy(bytes, inSegment, into, to, part);
            }
            inSegment += part;
            if (inSegment == bytes.length) {
                segment++;
                inSegment = 0;
            }
            return part;
        }

        private int fromFile(byte @Nullable [] into, int to, int length) {
            long at = position - inMemory;
            if (windowStart < 0 || at < windowStart || at >= windowStart + window.limit()) {
                fill(at);
            }
            window.position((int) (at - windowStart));
            int part = Math.min(length, window.remaining());
            if (into != null) {
                window.get(into, to, part);
            }
            return part;
        }

        private void fill(long at) {
            try {
                window.clear();
                FileChannel channel = Objects.requireNonNull(file);
                if (channel.read(window, at) <= 0) {
                    throw new EOFException("the file ends at " + channel.size() + ", expected a byte at " + at);
                }
                window.flip();
                windowStart = at;
            } catch (IOException e) {
                throw new SpoolFullException("a spooled batch could not be read back: " + e, e);
            }
        }
    }
}
