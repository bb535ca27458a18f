package dev.sluice.file;

import dev.sluice.sink.SinkRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
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

    /**
     * Returns what a line may have been that was sent on many lines, as tools print JSON: with a line feed, or a carriage
     * return and a line feed, at the beginning of all white space that may be such a break, or of that which indents.
     */
    static List<byte[]> originals(byte[] line) {
        List<byte[]> originals = new ArrayList<>();
        for (int shortest = 1; shortest <= 2; shortest++) {
            for (String lineBreak : List.of("\n", "\r\n")) {
                byte[] original = broken(line, shortest, lineBreak);
                if (!Arrays.equals(original, line)) {
                    originals.add(original);
                }
            }
        }
        return originals;
    }

    private static byte[] broken(byte[] line, int shortest, String lineBreak) {
        byte[] original = line.clone();
        boolean inString = false;
        for (int i = 0; i < line.length; i++) {
            if (inString && line[i] == '\\') {
                i++; // what is escaped ends no string
            } else if (inString) {
                inString = line[i] != '"';
            } else if (line[i] == '"') {
                inString = true;
            } else if (line[i] == ' ') {
                int end = i;
                while (end < line.length && line[end] == ' ') {
                    end++;
                }
                boolean around = i == 0 || end == line.length || line[i - 1] == ':' || line[end] == ':';
                // What closes the whole value is not indented.
                boolean breaks = end - i >= shortest + lineBreak.length() - 1 || end == line.length - 1;
                for (int at = 0; !around && breaks && at < Math.min(lineBreak.length(), end - i); at++) {
                    original[i + at] = (byte) lineBreak.charAt(at);
                }
                i = end - 1;
            }
        }
        return original;
    }
}
