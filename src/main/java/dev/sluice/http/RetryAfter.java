package dev.sluice.http;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a target wants to be left alone, in every form of RFC 9110, section 10.2.3: seconds, or a date in one of three
 * forms. A date is compared with the target's own, where that is told: its clock may differ from ours.
 */
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]+");
    private static final int YEARS_AHEAD = 50;
    private static final DateTimeFormatter IMF_FIXDATE = form("[EEE, ]d MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEE MMM ")
            .padNext(2)
            .appendPattern("d HH:mm:ss uuuu")
            .toFormatter(Locale.ENGLISH);

    private RetryAfter() {}

    /** Returns the longest wish among the values of the header, empty if none is understood. Never negative. */
    static Optional<Duration> of(List<String> values, String date, Instant now) {
        Instant there =
                Optional.of(date).flatMap(value -> instant(value.strip(), now)).orElse(now);
        return values.stream()
                .map(String::strip)
                .flatMap(value -> wishes(value, there))
                .max(Comparator.naturalOrder());
    }

    /* Several header lines may have been joined by commas on the way; dates have commas, too. */
    private static Stream<Duration> wishes(String value, Instant now) {
        Optional<Duration> date = instant(value, now).map(until -> within(Duration.between(now, until)));
        return date.isPresent()
                ? date.stream()
                : Stream.of(value.split(","))
                        .map(String::strip)
                        .filter(part -> SECONDS.matcher(part).matches())
                        .map(RetryAfter::seconds);
    }

    private static Duration seconds(String digits) {
        try {
            return within(Duration.ofSeconds(Long.parseLong(digits)));
        } catch (NumberFormatException e) {
            return digits.startsWith("-") ? Duration.ZERO : LONGEST;
        }
    }

    private static Duration within(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Optional<Instant> instant(String value, Instant now) {
        return Stream.of(IMF_FIXDATE, rfc850(now), ASCTIME)
                .flatMap(form -> {
                    try {
                        return Stream.of(LocalDateTime.parse(value, form).toInstant(ZoneOffset.UTC));
                    } catch (DateTimeParseException e) {
                        return Stream.empty();
                    }
                })
                .findFirst();
    }

    /* A year of two digits is at most 50 years ahead. */
    private static DateTimeFormatter rfc850(Instant now) {
        LocalDate earliest = LocalDate.ofInstant(now, ZoneOffset.UTC)
                .minusYears(99 - YEARS_AHEAD)
                .withDayOfYear(1);
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("[EEEE, ][EEE, ]d-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 4, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    private static DateTimeFormatter form(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH);
    }
}
