package dev.sluice.column;

import java.nio.charset.StandardCharsets;

/** JSON's numbers as those of PostgreSQL. */
final class Decimals {

    /** What is no whole number of 63 bits. */
    static final long NOT_WHOLE = Long.MIN_VALUE;

    private static final int MOST_DIGITS = 19;
    /* What fits a double without loss. */
    private static final int MOST_EXACT_DIGITS = 15;
    private static final int MOST_NUMERIC_BYTES = 1000;
    private static final double[] POWERS = powers();
    private static final int NEGATIVE = 0x4000;

    private Decimals() {}

    private static double[] powers() {
        double[] powers = new double[MOST_EXACT_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = 10 * powers[i - 1];
        }
        return powers;
    }

    /** Whether a value that begins so is a number. */
    static boolean number(byte first) {
        return first == '-' || (first >= '0' && first <= '9');
    }

    /** Whether a number is zero as it stands, and not by being rounded. */
    static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != '0' && bytes[i] != '.' && bytes[i] != '-') {
                return false;
            }
        }
        return true;
    }

    /** Returns a number without decimals and an exponent; {@link #NOT_WHOLE} for any other value. */
    static long whole(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - first > MOST_DIGITS) {
            return NOT_WHOLE;
        }
        long number = 0;
        for (int i = first; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return NOT_WHOLE;
            }
            number = 10 * number + digit; // of nineteen digits the last one alone may pass 63 bits
        }
        if (number < 0) {
            return NOT_WHOLE;
        }
        return negative ? -number : number;
    }

    /** Returns the double next to a number. */
    static double real(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - first <= MOST_EXACT_DIGITS) {
            long number = 0;
            int decimals = -1;
            for (int i = first; i < to; i++) {
                int digit = bytes[i] - '0';
                if (digit >= 0 && digit <= 9) {
                    number = 10 * number + digit;
                    decimals += decimals < 0 ? 0 : 1;
                } else if (bytes[i] == '.') {
                    decimals = 0;
                } else {
                    return parsed(bytes, from, to);
                }
            }
            double exact =
                    number / POWERS[Math.max(decimals, 0)]; // both are exact, so that their quotient is the next one
            return negative ? -exact : exact;
        }
        return parsed(bytes, from, to);
    }

    private static double parsed(byte[] bytes, int from, int to) {
        return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }

    /** Writes a number without an exponent as a numeric; returns false for all else. */
    static boolean numeric(byte[] bytes, int from, int to, Text out) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - from > MOST_NUMERIC_BYTES || !number(bytes[from])) {
            return false;
        }
        int point = to;
        for (int i = first; i < to; i++) {
            if (bytes[i] == '.') {
                point = i;
            } else if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        int decimals = Math.max(to - point - 1, 0);
        int groupsBefore = (point - first + 3) / 4;
        int groups = groupsBefore + (decimals + 3) / 4;
        int head = out.length();
        out.putLong(0);
        int written = 0;
        int trailing = 0;
        int leading = 0;
        for (int group = 0; group < groups; group++) {
            int value = group(bytes, first, point, to, group - groupsBefore);
            if (written == 0 && value == 0) {
                leading++;
            } else {
                out.putShort(value);
                written++;
                trailing = value == 0 ? trailing + 1 : 0;
            }
        }
        out.cut(out.length() - Short.BYTES * trailing);
        int digits = written - trailing;
        int weight = digits == 0 ? 0 : groupsBefore - 1 - leading;
        int sign = negative && digits > 0 ? NEGATIVE : 0;
        out.setInt(head, (digits << 16) | (weight & 0xFFFF));
        out.setInt(head + Integer.BYTES, (sign << 16) | decimals);
        return true;
    }

    /** Returns four digits; those from {@code 4 * group} on behind the point, or before it if that is negative. */
    private static int group(byte[] bytes, int first, int point, int to, int group) {
        int from = group < 0 ? point + 4 * group : point + 1 + 4 * group;
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            value = 10 * value + (i < first || i >= to ? 0 : bytes[i] - '0');
        }
        return value;
    }
}
