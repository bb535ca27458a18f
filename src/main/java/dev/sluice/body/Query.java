package dev.sluice.body;

import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Query parameters, taken strictly: known, once, numbers in digits. Never reads the body for them. */
public final class Query {

    private static final Pattern WITHOUT_UNIT = Pattern.compile("[+-]?[0-9]*");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Query() {}

    public static MultiValueMap<String, String> parse(@Nullable String query, Set<String> known, ProblemType problem) {
        MultiValueMap<String, String> parameters = split(query == null ? "" : query);
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Problem.of(
                                problem,
                                "there is no query parameter '" + name + "'" + NearestNames.hint(name, known)
                                        + "; known: "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()))
                        .exception();
            }
            if (values.contains(null)) {
                throw Problem.of(problem, "the query parameter '" + name + "' has no value")
                        .exception();
            }
            if (values.size() > 1) {
                throw Problem.of(problem, "the query parameter '" + name + "' stands there " + values.size() + " times")
                        .exception();
            }
        });
        return parameters;
    }

    /** Nothing is decoded; without a '=' the value is null. */
    private static MultiValueMap<String, String> split(String query) {
        MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
        int from = 0;
        while (from < query.length()) {
            int end = query.indexOf('&', from);
            end = end < 0 ? query.length() : end;
            int equals = query.indexOf('=', from);
            if (end > from) {
                boolean valued = equals >= 0 && equals < end;
                parameters.add(
                        query.substring(from, valued ? equals : end), valued ? query.substring(equals + 1, end) : null);
            }
            from = end + 1;
        }
        return parameters;
    }

    /** Returns the value of the one parameter that there is to be, decoded. */
    public static String text(@Nullable String query, String name, ProblemType problem) {
        String text = parse(query, Set.of(name), problem).getFirst(name);
        if (text == null) {
            throw Problem.of(problem, "the query parameter '" + name + "' is missing")
                    .exception();
        }
        try {
            String latin = URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(latin.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw Problem.of(problem, name + "=" + text + " is not properly encoded: " + e.getMessage())
                    .exception();
        }
    }

    /** Decodes a value that is looked for: no name has a blank, so that a plus sign is one, nor what no database stores. */
    public static String name(String name, String text, ProblemType problem) {
        String decoded = text(name + "=" + text.replace("+", "%2B"), name, problem);
        if (decoded.indexOf('\0') >= 0) {
            throw Problem.of(
                            problem,
                            name + "=" + text + " has the character U+0000, which nothing here has in its name")
                    .exception();
        }
        return decoded;
    }

    /** Reads a number from 0 to 2^63−1. */
    public static long number(String name, String text, ProblemType problem) {
        if (!text.isEmpty() && text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // Told below.
            }
        }
        throw Problem.of(problem, name + "=" + text + " is not an integer from 0 to " + Long.MAX_VALUE)
                .exception();
    }

    /** Returns whether a parameter is {@code true}; false if it is not there. */
    public static boolean flag(MultiValueMap<String, String> parameters, String name, ProblemType problem) {
        String text = parameters.getFirst(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw Problem.of(problem, name + "=" + text + " is neither true nor false")
                    .exception();
        }
        return "true".equals(text);
    }

    /** Returns whether the one parameter that there may be is {@code true}. */
    public static boolean flag(@Nullable String query, String name, ProblemType problem) {
        return flag(parse(query, Set.of(name), problem), name, problem);
    }

    /** Reads a length of time with its unit, like {@code 10m} or {@code PT10M}; null if the parameter is not there. */
    public static @Nullable Duration duration(
            MultiValueMap<String, String> parameters, String name, ProblemType problem) {
        String text = parameters.getFirst(name);
        if (text == null) {
            return null;
        }
        try {
            // Without a unit it would be milliseconds, and seconds to most people.
            if (!WITHOUT_UNIT.matcher(text).matches()) {
                Duration duration = DurationStyle.detectAndParse(text);
                if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                    return duration;
                }
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        throw Problem.of(
                        problem,
                        name + "=" + text + " is not a length of time with its unit, like 10m, 2h or PT10M, of at most "
                                + LONGEST.toDays() + "d")
                .exception();
    }
}
