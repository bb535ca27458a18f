package dev.sluice.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How times and numbers are said to people. */
public final class Say {

    private static final String THIN_SPACE = "\u202F";
    private static final String GROUPS = "(?<=\\d)(?=(\\d{3})+$)";

    private static final int MOST_OF_A_RECORD = 32_000;

    private Say() {}

    /** Whether a record has more than a page shows of it, or has in a form. */
    public static boolean isLarge(String record) {
        return record.length() > MOST_OF_A_RECORD;
    }

    /** Returns as much of a record as a page shows. */
    public static String beginning(String record) {
        return isLarge(record) ? record.substring(0, record.offsetByCodePoints(0, MOST_OF_A_RECORD / 2)) : record;
    }

    /** Says how far off a time is, like {@code 3 min ago}; a text that is no time is said as it is. */
    public static String ago(String time, Instant now) {
        try {
            Duration passed = Duration.between(Instant.parse(time), now);
            return passed.isNegative() ? "in " + age(passed.negated()) : age(passed) + " ago";
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Says how long something takes, in its largest unit. */
    public static String age(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 100) {
            return seconds + " s";
        }
        if (seconds < 100 * 60) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / (24 * 3600) + " d";
    }

    /** Says a time to the second, in UTC. */
    public static String exactly(String time) {
        try {
            return Instant.parse(time)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString()
                    .replace('T', ' ');
        } catch (DateTimeException e) {
            return time;
        }
    }

    /** Says a number in groups of three digits. */
    public static String count(long number) {
        return Long.toString(number).replaceAll(GROUPS, THIN_SPACE);
    }

    /** Says how often something happens in a second; NaN is not known, and empty. */
    public static String rate(double perSecond) {
        if (Double.isNaN(perSecond)) {
            return "";
        }
        return perSecond > 0 && perSecond < 10
                ? String.format(Locale.ROOT, "%.1f", perSecond)
                : count(Math.round(perSecond));
    }

    /** Says how long something takes that takes a moment; NaN is not known, and empty. */
    public static String millis(double millis) {
        if (Double.isNaN(millis)) {
            return "";
        }
        return (millis < 10 ? String.format(Locale.ROOT, "%.1f", millis) : count(Math.round(millis))) + " ms";
    }

    /** Says for how long something has waited, empty for not at all. */
    public static String seconds(double seconds) {
        return seconds > 0 ? age(Duration.ofSeconds((long) seconds)) : "";
    }
}
