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
    private final boolean[] escaped;
    private final @Nullable LeftOver leftOver;
    private final boolean nothingInNull;
    private byte[] bytes = new byte[LEAST_BYTES];
    private int length;
    private int nameFrom;
    private int nameTo;
    private boolean hasOther;
    private int otherFrom;
    private int otherTo;
    private boolean partly;
    private boolean nested;

    /**
     * Makes one for so many columns.
     *
     * @param leftOver takes what no column takes, null if nobody wants it
     * @param nothingInNull whether members that are null are none
     */
    RecordMembers(Paths paths, int columns, @Nullable LeftOver leftOver, boolean nothingInNull) {
        this.nothingInNull = nothingInNull;
        this.paths = paths;
        this.from = new int[columns];
        this.to = new int[columns];
        this.escaped = new boolean[columns];
        this.leftOver = leftOver;
    }

    /** Moves to a record. */
    void load(SinkRecord record) {
        length = record.length();
        if (bytes.length < length + JsonText.SPARE) {
            bytes = new byte[Math.max(length + JsonText.SPARE, 2 * bytes.length)];
        }
        record.copyTo(bytes, 0);
    }

    /** Finds the values in the part of the record that begins at {@code at}. */
    void read(int at) {
        Arrays.fill(from, MISSING);
        hasOther = false;
        nameFrom = MISSING;
        if (leftOver != null) {
            leftOver.clear();
        }
        value(at, paths, false);
    }

    /** Whether what begins at {@code at} is an object or an array, where columns take members of it. */
    boolean fits(int at) {
        return !paths.goesOn() || bytes[at] == '{' || bytes[at] == '[';
    }

    private int value(int at, Paths here, boolean taken) {
        for (int column : here.below()) {
            from[column] = MISSING; // a member of this name stood there before
        }
        boolean all = taken || here.takesAll();
        int end;
        boolean escapes = true;
        if (here.goesOn() && bytes[at] == '{') {
            end = object(at, here, all);
        } else if (here.goesOn() && bytes[at] == '[') {
            end = array(at, here, all);
        } else {
            end = bytes[at] == '"' ? JsonText.scanString(bytes, at) : JsonText.endOfValue(bytes, at, length);
            escapes = end < 0;
            end = escapes ? ~end : end;
            if (!all && bytes[at] != 'n') {
                left(at, end);
            }
        }
        for (int column : here.columns()) {
            from[column] = at;
            to[column] = end;
            escaped[column] = escapes;
        }
        return end;
    }

    private int object(int at, Paths here, boolean taken) {
        int begun = leftOver == null ? 0 : leftOver.beginObject();
        int next = JsonText.skipBlanks(bytes, at + 1);
        while (bytes[next] != '}') {
            int name = next;
            int scanned = JsonText.scanString(bytes, name);
            int nameEnd = scanned < 0 ? ~scanned : scanned;
            next = JsonText.skipBlanks(bytes, nameEnd);
            next = JsonText.skipBlanks(bytes, next + 1); // the colon
            Paths step = scanned < 0
                    ? escapedMember(here, name + 1, nameEnd - 1)
                    : here.member(bytes, name + 1, nameEnd - 1);
            nameFrom = name;
            nameTo = nameEnd;
            if (step != null) {
                int before = leftOver == null ? 0 : leftOver.beginMember(bytes, name, nameEnd);
                next = value(next, step, taken);
                if (leftOver != null) {
                    leftOver.endMember(before, step);
                }
            } else {
                int end = JsonText.endOfValue(bytes, next, length);
                if (!taken && !(nothingInNull && bytes[next] == 'n')) {
                    other(false, here != paths);
                    if (leftOver != null) {
                        leftOver.member(bytes, name, nameEnd, next, end);
                    }
                }
                next = end;
            }
            next = JsonText.skipBlanks(bytes, next);
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
        if (leftOver != null) {
            leftOver.endObject(begun);
        }
        return next + 1;
    }

    private @Nullable Paths escapedMember(Paths here, int start, int end) {
        byte[] name = JsonScanner.unescaped(bytes, start, end - start).getBytes(StandardCharsets.UTF_8);
        return here.member(name, 0, name.length);
    }

    private int array(int at, Paths here, boolean taken) {
        int arrayNameFrom = nameFrom;
        int arrayNameTo = nameTo;
        int begun = leftOver == null ? 0 : leftOver.begin();
        boolean whole = true;
        int next = JsonText.skipBlanks(bytes, at + 1);
        for (int index = 0; bytes[next] != ']'; index++) {
            Paths step = here.element(index);
            whole &= step != null;
            next = step == null ? JsonText.endOfValue(bytes, next, length) : value(next, step, taken);
            next = JsonText.skipBlanks(bytes, next);
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
        boolean more = leftOver != null && leftOver.cut(begun);
        if (!taken && (!whole || more)) {
            nameFrom = arrayNameFrom;
            nameTo = arrayNameTo;
            left(at, next + 1);
        }
        return next + 1;
    }

    /* A value of which columns take parts, but not all. */
    private void left(int at, int end) {
        other(true, true);
        if (leftOver != null) {
            leftOver.value(bytes, at, end);
        }
    }

    private void other(boolean inPart, boolean below) {
        if (!hasOther) {
            hasOther = true;
            otherFrom = nameFrom;
            otherTo = nameTo;
            partly = inPart;
            nested = below;
        }
    }

    /** What there is of a member that no column takes. */
    interface Other {
        void member(String name, byte[] bytes, int from, int to);
    }

    /** Tells of the members, not null, that no column takes of the object that begins at {@code at}. */
    void others(int at, Other others) {
        int next = JsonText.skipBlanks(bytes, at + 1);
        while (bytes[at] == '{' && bytes[next] != '}') {
            int name = next;
            int nameEnd = JsonText.endOfString(bytes, name);
            next = JsonText.skipBlanks(bytes, nameEnd);
            next = JsonText.skipBlanks(bytes, next + 1); // the colon
            int end = JsonText.endOfValue(bytes, next, length);
            if (bytes[next] != 'n' && escapedMember(paths, name + 1, nameEnd - 1) == null) {
                others.member(JsonScanner.unescaped(bytes, name + 1, nameEnd - name - 2), bytes, next, end);
            }
            next = JsonText.skipBlanks(bytes, end);
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
    }

    /** Returns the array that the values lie in; it changes from record to record. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns the length of the record. */
    int length() {
        return length;
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

    /** Whether a column's value may have escapes in it; false of a string says that it has none. */
    boolean escaped(int column) {
        return escaped[column];
    }

    /** Takes a column's value for one that is not there. */
    void drop(int column) {
        from[column] = MISSING;
    }

    /** Whether there is anything that no column takes. */
    boolean hasOther() {
        return hasOther;
    }

    /** Returns the name of the first member that no column takes all of; empty if that is the record itself. */
    String other() {
        return otherFrom == MISSING ? "" : JsonScanner.unescaped(bytes, otherFrom + 1, otherTo - otherFrom - 2);
    }

    /** Whether columns take a part of that member. */
    boolean partly() {
        return partly;
    }

    /** Whether that member is one of another member. */
    boolean nested() {
        return nested;
    }
}
