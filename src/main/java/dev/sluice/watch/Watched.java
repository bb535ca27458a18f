package dev.sluice.watch;

import dev.sluice.body.Query;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.PartitionKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * What is seen of a page: {@code ?sinks=a,b&of=a&partitions=0,1}.
 *
 * @param sinks in rows of their own
 * @param partitions in rows of their own, all of one sink
 * @param buffer whether that sink delivers later what it has accepted
 */
record Watched(List<String> sinks, List<PartitionKey> partitions, boolean buffer) {

    /** As many as a page has rows. */
    static final int MOST = 50;

    private static final ProblemType MALFORMED = ProblemType.MALFORMED_REQUEST;
    private static final String OF = "of";
    private static final String SINKS = "sinks";
    private static final String PARTITIONS = "partitions";

    static Watched of(@Nullable String queryString, Predicate<String> isBuffer) {
        MultiValueMap<String, String> query = Query.parse(queryString, Set.of(OF, SINKS, PARTITIONS), MALFORMED);
        List<String> partitions = names(query, PARTITIONS);
        List<String> of = names(query, OF);
        if (of.size() > 1 || of.isEmpty() != partitions.isEmpty()) {
            throw malformed("'of' names the sink of 'partitions': both are given, or none");
        }
        return new Watched(
                names(query, SINKS),
                partitions.stream()
                        .map(name -> new PartitionKey(of.get(0), name))
                        .toList(),
                !of.isEmpty() && isBuffer.test(of.get(0)));
    }

    private static List<String> names(MultiValueMap<String, String> query, String parameter) {
        String text = query.getFirst(parameter);
        List<String> names = text == null
                ? List.of()
                : Arrays.stream(Query.name(parameter, text, MALFORMED).split(",", -1))
                        .distinct()
                        .toList();
        if (names.size() > MOST) {
            throw malformed(parameter + " has " + names.size() + " names; a page has " + MOST + " at most");
        }
        return names;
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(MALFORMED, detail).exception();
    }
}
