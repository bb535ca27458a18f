package dev.sluice.resolution;

import dev.sluice.body.ActBody;
import dev.sluice.body.Query;
import dev.sluice.problem.ProblemType;
import dev.sluice.resolution.LetterPages.Place;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which dead letters to list: {@code ?state=&partition=&code=&field=&from=&limit=}; {@code state} is {@code open} unless
 * said otherwise, or {@code all}.
 */
record LettersQuery(LetterFilter filter, Place from, int limit) {

    private static final Set<String> KNOWN = Set.of("state", "partition", "code", "field", "from", "limit");
    private static final String ALL = "all";
    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;

    static LettersQuery parse(@Nullable String query) {
        MultiValueMap<String, String> parameters = Query.parse(query, KNOWN, ProblemType.MALFORMED_REQUEST);
        return new LettersQuery(
                new LetterFilter(
                        state(parameters.getFirst("state")),
                        text(parameters, "partition"),
                        text(parameters, "code"),
                        text(parameters, "field")),
                from(text(parameters, "from")),
                limit(parameters.getFirst("limit")));
    }

    private static @Nullable LetterState state(@Nullable String text) {
        if (text == null) {
            return LetterState.OPEN;
        }
        return text.equals(ALL)
                ? null
                : LetterState.of(text)
                        .orElseThrow(() -> ActBody.malformed("state=" + text + " is none of all, "
                                + Arrays.stream(LetterState.values())
                                        .map(LetterState::text)
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable String text(MultiValueMap<String, String> parameters, String name) {
        String raw = parameters.getFirst(name);
        return raw == null ? null : Query.name(name, raw, ProblemType.MALFORMED_REQUEST);
    }

    private static Place from(@Nullable String text) {
        if (text == null) {
            return Place.FIRST;
        }
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw ActBody.malformed("from=" + text + " is not a partition and an offset, like 0/17: take 'next' of an"
                    + " answer as it is");
        }
        return new Place(
                text.substring(0, slash),
                Query.number("from", text.substring(slash + 1), ProblemType.MALFORMED_REQUEST));
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw ActBody.malformed("limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT
                    + "; a longer list comes in pages: 'next' of an answer is the 'from' of the next request");
        }
        return (int) limit;
    }
}
