package dev.sluice.table;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import java.util.Optional;

/**
 * What is valid JSON, but refused by jsonb: the escape of U+0000 and escapes of half a surrogate pair. Found before
 * anything is locked, so that one record does not hold up its partition.
 */
final class JsonbCheck {

    private static final byte BACKSLASH = '\\';
    private static final int ESCAPE = "\\u0000".length();

    private JsonbCheck() {}

    static Optional<RejectedRecord> check(SinkRecord record) {
        int high = -1; // where the escape of a high surrogate waits for its other half
        for (int i = record.indexOf(BACKSLASH, 0); i >= 0; i = record.indexOf(BACKSLASH, i + 1)) {
            boolean unicode = record.byteAt(i + 1) == 'u';
            char unit = unicode ? hex(record, i + 2) : 'x';
            boolean paired = high >= 0 && i == high + ESCAPE && Character.isLowSurrogate(unit);
            if (high >= 0 && !paired) {
                return halfPair(record, high);
            }
            if (high < 0 && Character.isLowSurrogate(unit)) {
                return halfPair(record, i);
            }
            if (unit == 0) {
                return nul(record, i);
            }
            high = Character.isHighSurrogate(unit) ? i : -1;
            i += unicode ? ESCAPE - 1 : 1;
        }
        return high >= 0 ? halfPair(record, high) : Optional.empty();
    }

    private static Optional<RejectedRecord> nul(SinkRecord record, int at) {
        return Optional.of(new RejectedRecord(
                record.offset(),
                "data",
                "22P05",
                "\\u0000 at byte " + at + " of the record cannot be stored as jsonb",
                "remove it, or set data-type: json or text for this sink"));
    }

    private static Optional<RejectedRecord> halfPair(SinkRecord record, int at) {
        return Optional.of(new RejectedRecord(
                record.offset(),
                "data",
                "22P02",
                "the escape at byte " + at + " of the record is half a surrogate pair, which cannot be stored as jsonb",
                "write the character itself or both halves, or set data-type: json or text for this sink"));
    }

    private static char hex(SinkRecord record, int start) {
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            value = value << 4 | Character.digit(record.byteAt(i), 16);
        }
        return (char) value;
    }
}
