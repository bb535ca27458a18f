package dev.sluice.column;

import java.util.Arrays;

/**
 * What no column takes of a record, as an object of its own: each member at its place, arrays and other values as a
 * whole. One thread.
 */
final class LeftOver {

    private static final byte[] EMPTY = {'{', '}'};

    private final Text text = new Text(64);
    private final int[] seen;
    private int record;

    /** {@code steps} is how many there may be. */
    LeftOver(int steps) {
        this.seen = new int[steps];
    }

    void clear() {
        text.clear();
        record++;
        if (record == 0) {
            Arrays.fill(seen, -1); // the numbers of records begin anew
        }
    }

    /** Whether nothing is left over. */
    boolean isEmpty() {
        return text.length() == 0;
    }

    Text text() {
        return text;
    }

    int begin() {
        return text.length();
    }

    /** Takes back what was put since {@link #begin}; returns whether that was anything. */
    boolean cut(int begun) {
        boolean any = text.length() > begun;
        text.cut(begun);
        return any;
    }

    int beginObject() {
        int begun = text.length();
        text.put((byte) '{');
        return begun;
    }

    void endObject(int begun) {
        if (text.length() == begun + 1) {
            text.cut(begun);
        } else {
            text.put((byte) '}');
        }
    }

    int beginMember(byte[] bytes, int name, int nameEnd) {
        int begun = text.length();
        name(bytes, name, nameEnd);
        return begun;
    }

    void endMember(int begun, Paths step) {
        boolean nothing = text.bytes()[text.length() - 1] == ':';
        if (!nothing) {
            seen[step.id()] = record;
        } else if (seen[step.id()] == record) {
            text.put(EMPTY, 0, EMPTY.length); // what stood there before does not count any more
        } else {
            text.cut(begun);
        }
    }

    void member(byte[] bytes, int name, int nameEnd, int from, int to) {
        name(bytes, name, nameEnd);
        value(bytes, from, to);
    }

    void value(byte[] bytes, int from, int to) {
        text.put(bytes, from, to);
    }

    private void name(byte[] bytes, int from, int to) {
        if (text.bytes()[text.length() - 1] != '{') {
            text.put((byte) ',');
        }
        text.put(bytes, from, to);
        text.put((byte) ':');
    }
}
