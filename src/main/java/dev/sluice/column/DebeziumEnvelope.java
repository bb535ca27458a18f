package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the parts of Debezium's change events in their bytes. One thread. */
final class DebeziumEnvelope {

    /** Where there is no such part; null is none, either. */
    static final int MISSING = -1;

    private static final byte[] BEFORE = name("before");
    private static final byte[] AFTER = name("after");
    private static final byte[] OP = name("op");
    private static final byte[] PAYLOAD = name("payload");

    private int before;
    private int after;
    private int op;
    private int payload;

    private static byte[] name(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the event at the beginning of a record of this length, which is an object; returns whether it is more than a
     * tombstone with a schema around it.
     */
    boolean read(byte[] bytes, int length) {
        members(bytes, 0, length);
        if (op == MISSING && payload != MISSING) {
            if (bytes[payload] != '{') {
                return bytes[payload] != 'n';
            }
            members(bytes, payload, length);
        }
        return true;
    }

    private void members(byte[] bytes, int at, int length) {
        before = MISSING;
        after = MISSING;
        op = MISSING;
        payload = MISSING;
        int next = JsonText.skipBlanks(bytes, at + 1);
        while (bytes[next] != '}') {
            int name = next;
            int nameEnd = JsonText.endOfString(bytes, name);
            next = JsonText.skipBlanks(bytes, nameEnd);
            next = JsonText.skipBlanks(bytes, next + 1); // the colon
            member(bytes, name, nameEnd, next);
            next = JsonText.skipBlanks(bytes, JsonText.endOfValue(bytes, next, length));
            if (bytes[next] == ',') {
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
    }

    /* Debezium writes these names without escapes. */
    private void member(byte[] bytes, int name, int nameEnd, int value) {
        if (is(BEFORE, bytes, name, nameEnd)) {
            before = bytes[value] == '{' ? value : MISSING;
        } else if (is(AFTER, bytes, name, nameEnd)) {
            after = bytes[value] == '{' ? value : MISSING;
        } else if (is(OP, bytes, name, nameEnd)) {
            op = bytes[value] == '"' ? value : MISSING;
        } else if (is(PAYLOAD, bytes, name, nameEnd)) {
            payload = value;
        }
    }

    private static boolean is(byte[] wanted, byte[] bytes, int name, int nameEnd) {
        return Arrays.equals(wanted, 0, wanted.length, bytes, name, nameEnd);
    }

    /** Returns where the row before the change begins. */
    int before() {
        return before;
    }

    /** Returns where the row after the change begins. */
    int after() {
        return after;
    }

    /** Returns the letter of the operation, as "u"; empty if the event has none. */
    String op(byte[] bytes) {
        return op == MISSING
                ? ""
                : new String(bytes, op + 1, JsonText.endOfString(bytes, op) - op - 2, StandardCharsets.UTF_8);
    }
}
