package dev.sluice.column;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Numbers that count from 1970-01-01 00:00 UTC, as the text of a timestamp. */
final class EpochTime {

    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);
    /* Beyond what PostgreSQL's timestamps hold, in either direction: some 290,000 years. */
    private static final BigDecimal MOST = new BigDecimal("9.3e18");

    private EpochTime() {}

    /** Returns the time in ISO 8601, to the microsecond below; years before 1 as PostgreSQL has them, "BC". */
    static String text(BigDecimal number, EpochUnit unit) {
        // Compared before it is written out: an exponent may be large.
        if (number.signum() != 0
                && (number.precision() - number.scale() > 30
                        || number.abs().scaleByPowerOfTen(unit.scale()).compareTo(MOST) > 0)) {
            throw new MisfitException("22008", number + " is beyond the times that PostgreSQL has", null);
        }
        BigInteger micros = number.scaleByPowerOfTen(unit.scale())
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger();
        BigInteger[] parts = micros.divideAndRemainder(MICROS);
        boolean before = parts[1].signum() < 0;
        long second = parts[0].longValueExact() - (before ? 1 : 0);
        int fraction = parts[1].intValueExact() + (before ? 1_000_000 : 0);
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        int year = time.getYear() > 0 ? time.getYear() : 1 - time.getYear();
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d.%06d+00%s",
                year,
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                fraction,
                time.getYear() > 0 ? "" : " BC");
    }
}
