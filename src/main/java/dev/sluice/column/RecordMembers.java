package dev.sluice.column;

import dev.sluice.json.JsonScanner;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of all columns in the bytes of one record after the other, without a tree. Of a member that is there
 * twice the last one counts, as for jsonb. One thread.
 */
final class RecordMembers {

    private static final int MISSING = -1;
    private static final int LEAST_BYTES = 512;

    private final Paths paths;
    private final int[] from;
    private final int[] to;
    private byte[] bytes = new byte[LEAST_BYTES];
    private int length;
    private int otherFrom;
    private int otherTo;

    RecordMembers(Paths paths, int columns) {
        this.paths = paths;
        this.from = new int[columns];
        this.to = new int[columns];
    }

    /** Moves to a record. */
    void read(SinkRecord record) {
        length = record.length();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        record.copyTo(bytes, 0);
        Arrays.fill(from, MISSING);
        otherFrom = MISSING;
        value(0, paths);
    }

    private int value(int at, Paths here) {
        for (int column : here.below()) {
            from[column] = MISSING; // a member of this name stood there before
        }
        int end;
        if (here.goesOn() && bytes[at] == '{') {
            end = object(at, here);
        } else if (here.goesOn() && bytes[at] == '[') {
            end = array(at, here);
        } else {
            end = JsonText.endOfValue(bytes, at, length);
        }
        for (int column : here.columns()) {
            from[column] = at;
            to[column] = end;
        }
        return end;
    }

    private int object(int at, Paths here) {
        int next = JsonText.skipBlanks(bytes, at + 1);
        while (bytes[next] != '}') {
            int name = next;
            int nameEnd = JsonText.endOfString(bytes, name);
            next = JsonText.skipBlanks(bytes, nameEnd);
            next = JsonText.skipBlanks(bytes, next + 1); // the colon
            Paths step = member(here, name + 1, nameEnd - 1);
            if (step != null) {
                next = value(next, step);
            } else {
                next = JsonText.endOfValue(bytes, next, length);
                if (otherFrom == MISSING && !here.takesAll()) {
                    otherFrom = name;
                    otherTo = nameEnd;
                }
            }
            next = JsonText.skipBlanks(bytes, next);
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
        return next + 1;
    }

    private @Nullable Paths member(Paths here, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                byte[] name = JsonScanner.unescaped(bytes, start, end - start).getBytes(StandardCharsets.UTF_8);
                return here.member(name, 0, name.length);
            }
        }
        return here.member(bytes, start, end);
    }

    private int array(int at, Paths here) {
        int next = JsonText.skipBlanks(bytes, at + 1);
        for (int index = 0; bytes[next] != ']'; index++) {
            Paths step = here.element(index);
            next = step == null ? JsonText.endOfValue(bytes, next, length) : value(next, step);
            next = JsonText.skipBlanks(bytes, next);
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
        return next + 1;
    }

    /** Returns the array that the values lie in; it changes from record to record. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether the record has a value for a column; null is one. */
    boolean has(int column) {
        return from[column] != MISSING;
    }

    /** Whether that value is null. */
    boolean isNull(int column) {
        return bytes[from[column]] == 'n';
    }

    /** Returns where a column's value begins. */
    int from(int column) {
        return from[column];
    }

    /** Returns where a column's value ends. */
    int to(int column) {
        return to[column];
    }

    /** Returns the name of the first member that no column takes, null if there is none. */
    @Nullable
    String other() {
        return otherFrom == MISSING ? null : JsonScanner.unescaped(bytes, otherFrom + 1, otherTo - otherFrom - 2);
    }
}
