package dev.sluice.column;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Numbers that count time, as the text that PostgreSQL reads. */
final class EpochTime {

    private static final long MICROS = 1_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    private static final long YEAR_1 = -62_135_596_800_000_000L;
    private static final long YEAR_10000 = 253_402_300_800_000_000L;
    /* In microseconds: the year 294247, thirty years before the last one that PostgreSQL's timestamps have. */
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MOST_MAGNITUDE = 30;

    private EpochTime() {}

    /** Writes a number for a column of a type that {@link ColumnType#counted} allows; below a microsecond it is cut. */
    static void write(byte[] bytes, int from, int to, EpochUnit unit, ColumnType type, Text out) {
        long micros = micros(bytes, from, to, unit);
        if (type.interval()) {
            out.put(micros + " microseconds");
        } else if (type.timeOfDay()) {
            timeOfDay(micros, out);
        } else {
            timestamp(micros, out);
        }
    }

    /** Returns the microseconds from 2000 on; {@link IsoTime#NOT_PLAIN} unless that is in the years 1 to 9999 for certain. */
    static long microsSince2000(byte[] bytes, int from, int to, EpochUnit unit) {
        long plain = Decimals.whole(bytes, from, to);
        if (plain == Decimals.NOT_WHOLE || Math.abs(plain) > Long.MAX_VALUE / unit.micros()) {
            return IsoTime.NOT_PLAIN;
        }
        long micros = Math.floorDiv(plain * unit.micros(), unit.parts());
        return micros < YEAR_1 || micros >= YEAR_10000
                ? IsoTime.NOT_PLAIN
                : micros - IsoTime.DAYS_TO_2000 * IsoTime.MICROS_A_DAY;
    }

    private static long micros(byte[] bytes, int from, int to, EpochUnit unit) {
        long plain = Decimals.whole(bytes, from, to);
        if (plain != Decimals.NOT_WHOLE && Math.abs(plain) <= Long.MAX_VALUE / unit.micros()) {
            return Math.floorDiv(plain * unit.micros(), unit.parts());
        }
        BigDecimal number = new BigDecimal(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
        // Compared before it is written out: an exponent may be large.
        if (number.precision() - (long) number.scale() > MOST_MAGNITUDE
                || micros(number, unit).abs().compareTo(MOST) > 0) {
            throw beyond(number + " is beyond the times that PostgreSQL has");
        }
        return micros(number, unit).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    private static BigDecimal micros(BigDecimal number, EpochUnit unit) {
        return number.multiply(BigDecimal.valueOf(unit.micros())).divide(BigDecimal.valueOf(unit.parts()));
    }

    private static MisfitException beyond(String what) {
        return new MisfitException("22008", what, null);
    }

    private static void timeOfDay(long micros, Text out) {
        if (micros < 0 || micros > SECONDS_A_DAY * MICROS) {
            throw beyond(micros + " microseconds from midnight are no time of a day");
        }
        clock((int) (micros / MICROS), micros % MICROS, out);
    }

    /* In ISO 8601; years before 1 as PostgreSQL has them, "BC". */
    private static void timestamp(long micros, Text out) {
        long seconds = Math.floorDiv(micros, MICROS);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_A_DAY));
        out.put(day.getYear() > 0 ? day.getYear() : 1 - day.getYear(), 4);
        out.put((byte) '-');
        out.put(day.getMonthValue(), 2);
        out.put((byte) '-');
        out.put(day.getDayOfMonth(), 2);
        out.put((byte) ' ');
        clock((int) Math.floorMod(seconds, SECONDS_A_DAY), Math.floorMod(micros, MICROS), out);
        out.put(day.getYear() > 0 ? "+00" : "+00 BC");
    }

    private static void clock(int second, long micros, Text out) {
        out.put(second / 3600, 2);
        out.put((byte) ':');
        out.put(second / 60 % 60, 2);
        out.put((byte) ':');
        out.put(second % 60, 2);
        out.put((byte) '.');
        out.put(micros, 6);
    }
}
