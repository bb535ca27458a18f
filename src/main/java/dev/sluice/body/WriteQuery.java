package dev.sluice.body;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * What the query of a batch says. A parameter that nobody knows is refused: {@code ?dryrun=true} would write.
 *
 * @param offset of the first record
 * @param inline whether each line carries its own offset
 * @param first the range, where offsets come inline
 * @param end its exclusive end
 * @param awaitsDelivery whether the answer shall wait until the target has the batch
 */
public record WriteQuery(
        @Nullable Long offset,
        boolean inline,
        @Nullable Long first,
        @Nullable Long end,
        boolean dryRun,
        boolean awaitsDelivery) {

    /** That of records which have no offsets. */
    static final WriteQuery UNNUMBERED = new WriteQuery(null, false, null, null, true, false);

    private static final Set<String> KNOWN = Set.of("offset", "offsets", "first", "end", "dryRun", "ack");

    public static WriteQuery parse(@Nullable String query) {
        MultiValueMap<String, String> parameters = Query.parse(query, KNOWN, ProblemType.MALFORMED_BATCH);
        String offsets = parameters.getFirst("offsets");
        if (offsets != null && !offsets.equals("inline")) {
            throw malformed("offsets=" + offsets + " is not understood; the only value is offsets=inline");
        }
        String dryRun = Optional.ofNullable(parameters.getFirst("dryRun")).orElse("false");
        if (!dryRun.equals("true") && !dryRun.equals("false")) {
            throw malformed("dryRun=" + dryRun + " is neither true nor false");
        }
        String ack = Optional.ofNullable(parameters.getFirst("ack")).orElse("accepted");
        if (!ack.equals("accepted") && !ack.equals("delivered")) {
            throw malformed("ack=" + ack + " is neither accepted nor delivered");
        }
        return new WriteQuery(
                number(parameters, "offset"),
                offsets != null,
                number(parameters, "first"),
                number(parameters, "end"),
                dryRun.equals("true"),
                ack.equals("delivered"));
    }

    /** Whether it says anything of offsets. */
    boolean numbers() {
        return offset != null || inline || first != null || end != null;
    }

    private static @Nullable Long number(MultiValueMap<String, String> parameters, String name) {
        String text = parameters.getFirst(name);
        return text == null ? null : Query.number(name, text, ProblemType.MALFORMED_BATCH);
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_BATCH, detail).exception();
    }
}
