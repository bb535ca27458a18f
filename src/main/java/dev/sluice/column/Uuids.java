package dev.sluice.column;

/** Universally unique identifiers in their usual form. */
final class Uuids {

    private static final int LENGTH = 36;

    private Uuids() {}

    /** Writes sixteen bytes; returns false for any other form. */
    static boolean write(byte[] bytes, int from, int to, Text out) {
        if (to - from != LENGTH) {
            return false;
        }
        int at = from;
        for (int digits = 0; digits < 32; digits += 2) {
            if (digits == 8 || digits == 12 || digits == 16 || digits == 20) {
                if (bytes[at++] != '-') {
                    return false;
                }
            }
            int high = Character.digit(bytes[at++], 16);
            int low = Character.digit(bytes[at++], 16);
            if (high < 0 || low < 0) {
                return false;
            }
            out.put((byte) ((high << 4) | low));
        }
        return true;
    }
}
