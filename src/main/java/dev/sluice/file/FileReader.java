package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.ReadableSink.Excerpt;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads lines of a file back, of its committed bytes only. Opens the file for itself, and locks nothing. */
final class FileReader {

    /* Of each end of what is new. */
    private static final int MOST_BYTES = 128 * 1024;

    private FileReader() {}

    static List<Excerpt> read(SinkDirectory directory, String name, long from, long end, int most) {
        try (FileChannel file = directory.open(name, StandardOpenOption.READ)) {
            if (end - from <= 2L * MOST_BYTES) {
                List<Excerpt> lines = lines(bytes(file, from, end), from, false);
                return lines.size() <= most ? lines : ends(lines, lines, most);
            }
            return ends(
                    lines(bytes(file, from, from + MOST_BYTES), from, false),
                    lines(bytes(file, end - MOST_BYTES, end), end - MOST_BYTES, true),
                    most);
        } catch (IOException e) {
            throw new SinkException(
                    Disposition.UNAVAILABLE, directory.path(name) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Excerpt> ends(List<Excerpt> first, List<Excerpt> last, int most) {
        List<Excerpt> both = new ArrayList<>(first.subList(0, Math.min(first.size(), most - most / 2)));
        both.addAll(last.subList(Math.max(0, last.size() - most / 2), last.size()));
        return both;
    }

    private static byte[] bytes(FileChannel file, long from, long end) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) (end - from));
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
            // The next piece.
        }
        return buffer.hasRemaining() ? new byte[0] : buffer.array();
    }

    /** @param within whether the bytes may begin in the middle of a line, which is left out then */
    private static List<Excerpt> lines(byte[] bytes, long position, boolean within) {
        List<Excerpt> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (start > 0 || !within) {
                    int length = i - start;
                    int shown = Math.min(length, ReadableSink.MOST_OF_A_RECORD);
                    lines.add(new Excerpt(
                            position + start,
                            position + i,
                            new String(bytes, start, shown, StandardCharsets.UTF_8),
                            length,
                            shown == length));
                }
                start = i + 1;
            }
        }
        return lines;
    }
}
