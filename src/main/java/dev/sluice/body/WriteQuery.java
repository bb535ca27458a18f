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
 * @param offsets where the records' own offsets come from
 * @param first the range, where offsets come inline
 * @param end its exclusive end
 * @param awaitsDelivery whether the answer shall wait until the target has the batch
 * @param wantsSnapshot whether the answer shall have the partition's snapshot
 */
public record WriteQuery(
        @Nullable Long offset,
        Offsets offsets,
        @Nullable Long first,
        @Nullable Long end,
        boolean dryRun,
        boolean awaitsDelivery,
        boolean wantsSnapshot) {

    /** Where the offset of a record comes from. */
    public enum Offsets {
        /** They are counted from the first one, or stand in the body of application/json. */
        COUNTED,
        /** Each line carries its own. */
        INLINE,
        /** It is where the record begins in the body, in bytes from the first offset on. */
        BYTES
    }

    /** That of records which have no offsets. */
    static final WriteQuery UNNUMBERED = new WriteQuery(null, Offsets.COUNTED, null, null, true, false, false);

    private static final Set<String> KNOWN = Set.of("offset", "offsets", "first", "end", "dryRun", "ack", "snapshot");

    public static WriteQuery parse(@Nullable String query) {
        MultiValueMap<String, String> parameters = Query.parse(query, KNOWN, ProblemType.MALFORMED_BATCH);
        String ack = Optional.ofNullable(parameters.getFirst("ack")).orElse("accepted");
        if (!ack.equals("accepted") && !ack.equals("delivered")) {
            throw malformed("ack=" + ack + " is neither accepted nor delivered");
        }
        return new WriteQuery(
                number(parameters, "offset"),
                offsets(parameters),
                number(parameters, "first"),
                number(parameters, "end"),
                flag(parameters, "dryRun"),
                ack.equals("delivered"),
                flag(parameters, "snapshot"));
    }

    private static Offsets offsets(MultiValueMap<String, String> parameters) {
        String text = parameters.getFirst("offsets");
        if (text == null) {
            return Offsets.COUNTED;
        }
        return switch (text) {
            case "inline" -> Offsets.INLINE;
            case "bytes" -> Offsets.BYTES;
            default -> throw malformed("offsets=" + text + " is neither inline nor bytes");
        };
    }

    private static boolean flag(MultiValueMap<String, String> parameters, String name) {
        String text = Optional.ofNullable(parameters.getFirst(name)).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw malformed(name + "=" + text + " is neither true nor false");
        }
        return text.equals("true");
    }

    boolean inline() {
        return offsets == Offsets.INLINE;
    }

    boolean bytes() {
        return offsets == Offsets.BYTES;
    }

    /** Whether it says anything of offsets. */
    boolean numbers() {
        return offset != null || offsets != Offsets.COUNTED || first != null || end != null;
    }

    private static @Nullable Long number(MultiValueMap<String, String> parameters, String name) {
        String text = parameters.getFirst(name);
        return text == null ? null : Query.number(name, text, ProblemType.MALFORMED_BATCH);
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_BATCH, detail).exception();
    }
}
