package dev.sluice.column;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Numbers that count from 1970-01-01 00:00 UTC, as the text of a timestamp. */
final class EpochTime {

    private static final long MICROS = 1_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    /* What fits a long for certain. */
    private static final int MOST_PLAIN_DIGITS = 18;
    private static final long MOST_SECONDS = Long.MAX_VALUE / MICROS;
    private static final long MOST_MILLIS = Long.MAX_VALUE / 1_000;
    /* In microseconds: the year 294247, thirty years before the last one that PostgreSQL's timestamps have. */
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MOST_MAGNITUDE = 30;

    private EpochTime() {}

    /** Writes the time in ISO 8601, to the microsecond below; years before 1 as PostgreSQL has them, "BC". */
    static void write(byte[] bytes, int from, int to, EpochUnit unit, Text out) {
        long plain = plain(bytes, from, to);
        if (plain != Long.MIN_VALUE && !passesMicros(plain, unit)) {
            write(micros(plain, unit), out);
            return;
        }
        BigDecimal number = new BigDecimal(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
        // Compared before it is written out: an exponent may be large.
        if (number.precision() - (long) number.scale() > MOST_MAGNITUDE
                || number.abs().scaleByPowerOfTen(unit.scale()).compareTo(MOST) > 0) {
            throw new MisfitException("22008", number + " is beyond the times that PostgreSQL has", null);
        }
        write(
                number.scaleByPowerOfTen(unit.scale())
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact(),
                out);
    }

    /** Returns a whole number of a few digits, the least long if it is another one. */
    private static long plain(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (to - first > MOST_PLAIN_DIGITS) {
            return Long.MIN_VALUE;
        }
        long number = 0;
        for (int i = first; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return Long.MIN_VALUE;
            }
            number = 10 * number + bytes[i] - '0';
        }
        return negative ? -number : number;
    }

    private static boolean passesMicros(long number, EpochUnit unit) {
        return switch (unit) {
            case S -> Math.abs(number) > MOST_SECONDS;
            case MS -> Math.abs(number) > MOST_MILLIS;
            case US, NS -> false;
        };
    }

    private static long micros(long number, EpochUnit unit) {
        return switch (unit) {
            case S -> number * MICROS;
            case MS -> number * 1_000;
            case US -> number;
            case NS -> Math.floorDiv(number, 1_000L);
        };
    }

    private static void write(long micros, Text out) {
        long seconds = Math.floorDiv(micros, MICROS);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_A_DAY));
        int second = (int) Math.floorMod(seconds, SECONDS_A_DAY);
        out.put(day.getYear() > 0 ? day.getYear() : 1 - day.getYear(), 4);
        out.put((byte) '-');
        out.put(day.getMonthValue(), 2);
        out.put((byte) '-');
        out.put(day.getDayOfMonth(), 2);
        out.put((byte) ' ');
        out.put(second / 3600, 2);
        out.put((byte) ':');
        out.put(second / 60 % 60, 2);
        out.put((byte) ':');
        out.put(second % 60, 2);
        out.put((byte) '.');
        out.put(Math.floorMod(micros, MICROS), 6);
        out.put(day.getYear() > 0 ? "+00" : "+00 BC");
    }
}
