package dev.sluice.ingest;

import dev.sluice.body.Query;
import dev.sluice.partition.PartitionPage.Wanted;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** Which partitions of a sink to list: {@code ?from=&limit=} and filters. */
final class PartitionsQuery {

    private static final Set<String> KNOWN =
            Set.of("from", "prefix", "used", "opened", "lagging", "idle-longer-than", "limit");
    private static final int USUAL_LIMIT = 1_000;
    private static final int HIGHEST_LIMIT = 10_000;

    private PartitionsQuery() {}

    /** @param states names of further filters */
    static Wanted parse(@Nullable String query, Set<String> states) {
        Set<String> known = new TreeSet<>(KNOWN);
        known.addAll(states);
        MultiValueMap<String, String> parameters = Query.parse(query, known, ProblemType.MALFORMED_REQUEST);
        String from = parameters.getFirst("from");
        String prefix = parameters.getFirst("prefix");
        return new Wanted(
                from == null ? null : name("from", from),
                prefix == null ? "" : name("prefix", prefix),
                states.stream().filter(state -> flag(parameters, state)).collect(Collectors.toSet()),
                flag(parameters, "used"),
                flag(parameters, "opened"),
                flag(parameters, "lagging"),
                Query.duration(parameters, "idle-longer-than", ProblemType.MALFORMED_REQUEST),
                limit(parameters.getFirst("limit")));
    }

    private static boolean flag(MultiValueMap<String, String> parameters, String name) {
        return Query.flag(parameters, name, ProblemType.MALFORMED_REQUEST);
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT
                                    + "; a longer list comes in pages: 'next' of an answer is the 'from' of the next request")
                    .exception();
        }
        return (int) limit;
    }

    private static String name(String parameter, String text) {
        return Query.name(parameter, text, ProblemType.MALFORMED_REQUEST);
    }
}
