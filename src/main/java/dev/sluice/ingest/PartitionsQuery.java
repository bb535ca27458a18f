package dev.sluice.ingest;

import dev.sluice.body.Query;
import dev.sluice.partition.PartitionPage.Wanted;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** Which partitions of a sink to list: {@code ?from=&prefix=&used=true&limit=}. */
final class PartitionsQuery {

    private static final Set<String> KNOWN = Set.of("from", "prefix", "used", "limit");
    private static final int USUAL_LIMIT = 1_000;
    private static final int HIGHEST_LIMIT = 10_000;

    private PartitionsQuery() {}

    static Wanted parse(@Nullable String query) {
        MultiValueMap<String, String> parameters = Query.parse(query, KNOWN, ProblemType.MALFORMED_REQUEST);
        String used = Optional.ofNullable(parameters.getFirst("used")).orElse("false");
        if (!used.equals("true") && !used.equals("false")) {
            throw malformed("used=" + used + " is neither true nor false");
        }
        String from = parameters.getFirst("from");
        String prefix = parameters.getFirst("prefix");
        return new Wanted(
                from == null ? null : name("from", from),
                prefix == null ? "" : name("prefix", prefix),
                used.equals("true"),
                limit(parameters.getFirst("limit")));
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw malformed("limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT
                    + "; a longer list comes in pages: 'next' of an answer is the 'from' of the next request");
        }
        return (int) limit;
    }

    /* A name has no blanks, so that a plus sign is one. */
    private static String name(String parameter, String text) {
        return Query.text(parameter + "=" + text.replace("+", "%2B"), parameter, ProblemType.MALFORMED_REQUEST);
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
