package dev.sluice.token;

import dev.sluice.access.Grant;
import dev.sluice.access.Quotas;
import dev.sluice.key.Grants;
import dev.sluice.key.QuotaTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Grants as claims have them: a list of grants as keys have them, or of texts like {@code orders-*:write,read}, or such
 * texts with blanks between them.
 */
final class Claims {

    private static final JsonMapper JSON = new JsonMapper();

    private Claims() {}

    /** Reads a claim; throws a {@link dev.sluice.problem.ProblemException} that says what is wrong with it. */
    static List<Grant> grants(@Nullable Object claim) {
        if (claim == null) {
            return List.of();
        }
        List<?> listed = claim instanceof String text
                ? Arrays.asList(text.strip().split(" +"))
                : claim instanceof List<?> list ? list : List.of(claim);
        List<Object> grants = new ArrayList<>();
        listed.forEach(one -> grants.add(one instanceof String text ? grant(text) : one));
        return grants.isEmpty() ? List.of() : Grants.read(JSON.writeValueAsString(grants));
    }

    /** Reads quotas as keys have them; throws a {@link dev.sluice.problem.ProblemException} as well. */
    static Quotas quotas(Object claim) {
        return QuotaTexts.read(JSON.writeValueAsString(claim));
    }

    private static Object grant(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? text
                : Map.of(
                        "sinks",
                        text.substring(0, colon),
                        "verbs",
                        Arrays.asList(text.substring(colon + 1).split(",")));
    }
}
