package dev.sluice.file;

import dev.sluice.sink.SinkRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Records as lines: the bytes as they were sent, and a line feed. */
final class Lines {

    private Lines() {}

    static long bytes(List<SinkRecord> records) {
        long bytes = 0;
        for (SinkRecord record : records) {
            bytes += record.length() + 1;
        }
        return bytes;
    }

    static void write(List<SinkRecord> records, OutputStream out) throws IOException {
        for (SinkRecord record : records) {
            byte[] line = record.toByteArray();
            for (int i = 0; i < line.length; i++) {
                // Never part of a string, which has them escaped: white space of a value that was sent on many lines.
                if (line[i] == '\n' || line[i] == '\r') {
                    line[i] = ' ';
                }
            }
            out.write(line);
            out.write('\n');
        }
    }
}
