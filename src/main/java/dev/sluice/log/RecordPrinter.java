package dev.sluice.log;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** Prints records, one line each. The lines of a batch stay together: they are one write, which the stream locks. */
final class RecordPrinter {

    private static final int DELETE = 0x7f;
    private static final int C1_LEAD = 0xc2; // UTF-8 has U+0080 to U+009F as C2 80 to C2 9F
    private static final int C1_LAST = 0x9f;

    private final PrintStream out;

    RecordPrinter(PrintStream out) {
        this.out = out;
    }

    void print(List<SinkRecord> items, Function<SinkRecord, String> label) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (SinkRecord item : items) {
            lines.writeBytes(label.apply(item).getBytes(StandardCharsets.UTF_8));
            append(item, lines);
            lines.write('\n');
        }
        byte[] bytes = lines.toByteArray();
        out.write(bytes, 0, bytes.length);
        if (out.checkError()) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "standard output cannot be written to: its reader is gone or its disk is full;"
                            + " restart the service with an output that takes records",
                    null);
        }
    }

    /*
     * Line breaks can only be white space between tokens; other control characters below U+0020 cannot be in JSON. DEL
     * and C1 can, inside of strings, where their escapes mean the same and drive no terminal.
     */
    private static void append(SinkRecord item, ByteArrayOutputStream line) {
        for (int i = 0; i < item.length(); i++) {
            int b = item.byteAt(i) & 0xff;
            if (b == '\r' || b == '\n') {
                line.write(' ');
            } else if (b == DELETE) {
                line.writeBytes(escape(DELETE));
            } else if (b == C1_LEAD && i + 1 < item.length() && (item.byteAt(i + 1) & 0xff) <= C1_LAST) {
                i++;
                line.writeBytes(escape(item.byteAt(i) & 0xff));
            } else {
                line.write(b);
            }
        }
    }

    private static byte[] escape(int character) {
        return "\\u%04x".formatted(character).getBytes(StandardCharsets.US_ASCII);
    }
}
