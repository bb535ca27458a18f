package dev.sluice.file;

import dev.sluice.file.Manifest.Segment;
import dev.sluice.sink.ReadableLines.LineVisitor;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Reads back the lines of files. */
record WrittenLines(SinkDirectory directory) {

    private static final int BUFFER = 64 * 1024;

    /** Visits the lines of the files' committed bytes, one file after the other. */
    void read(List<Segment> files, LineVisitor visitor) {
        for (Segment file : files) {
            long[] lines = {0};
            try (InputStream in = open(file)) {
                if (!read(in, line -> {
                    lines[0]++;
                    return visitor.line(line);
                })) {
                    return;
                }
            } catch (IOException e) {
                throw FileFailure.broken(directory.path(file.name()) + " cannot be read behind its line " + lines[0]
                        + ": " + e.getMessage() + ". Nothing was changed. Bring the file back from a backup");
            }
        }
    }

    private InputStream open(Segment file) throws IOException {
        InputStream bytes = Channels.newInputStream(directory.open(file.name(), StandardOpenOption.READ));
        try {
            InputStream committed = new BufferedInputStream(new Committed(bytes, file.bytes()), BUFFER);
            return new BufferedInputStream(Compression.of(file.name()).unpack(committed), BUFFER);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static boolean read(InputStream in, LineVisitor visitor) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.write(next);
            } else if (visitor.line(line.toByteArray())) {
                line.reset();
            } else {
                return false;
            }
        }
        return line.size() == 0 || visitor.line(line.toByteArray());
    }

    /** What lies beyond the committed bytes does not count. */
    private static final class Committed extends FilterInputStream {

        private long left;

        Committed(InputStream in, long bytes) {
            super(in);
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            int next = left > 0 ? in.read() : -1;
            left -= next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] buffer, int at, int length) throws IOException {
            int read = left > 0 ? in.read(buffer, at, (int) Math.min(length, left)) : -1;
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(left, in.available());
        }
    }
}
