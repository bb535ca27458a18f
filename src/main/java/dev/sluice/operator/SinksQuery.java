package dev.sluice.operator;

import dev.sluice.body.Query;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which sinks to list: those of which all of this is true.
 *
 * @param from the first one, null for the first of all
 * @param limit how many at most
 * @param prefix what their ids begin with
 * @param type the type that they are of, null for any
 * @param states in which they are
 * @param lagging whether to leave out those with nothing undelivered
 * @param undeliveredOlderThan how long something of theirs has to have waited to be delivered, null for any time
 */
record SinksQuery(
        @Nullable String from,
        int limit,
        String prefix,
        @Nullable String type,
        Set<String> states,
        boolean lagging,
        @Nullable Duration undeliveredOlderThan) {

    private static final Set<String> KNOWN =
            Set.of("from", "limit", "prefix", "type", "lagging", "undelivered-older-than");
    private static final ProblemType MALFORMED = ProblemType.MALFORMED_REQUEST;
    private static final int HIGHEST_LIMIT = 1_000;

    /** @param names of states */
    static SinksQuery parse(@Nullable String query, Set<String> names) {
        Set<String> known = new TreeSet<>(KNOWN);
        known.addAll(names);
        MultiValueMap<String, String> parameters = Query.parse(query, known, MALFORMED);
        String prefix = parameters.getFirst("prefix");
        return new SinksQuery(
                parameters.getFirst("from"),
                limit(parameters.getFirst("limit")),
                prefix == null ? "" : prefix,
                parameters.getFirst("type"),
                names.stream()
                        .filter(name -> Query.flag(parameters, name, MALFORMED))
                        .collect(Collectors.toSet()),
                Query.flag(parameters, "lagging", MALFORMED),
                Query.duration(parameters, "undelivered-older-than", MALFORMED));
    }

    /* Without a limit all of them are listed, as before there were pages. */
    private static int limit(@Nullable String text) {
        if (text == null) {
            return Integer.MAX_VALUE;
        }
        long limit = Query.number("limit", text, MALFORMED);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw Problem.of(MALFORMED, "limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT)
                    .exception();
        }
        return (int) limit;
    }

    boolean asksForUndelivered() {
        return lagging || undeliveredOlderThan != null;
    }
}
