package dev.sluice.body;

import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Query parameters, taken strictly: known, once, numbers in digits. Never reads the body for them. */
public final class Query {

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
}
