package dev.sluice.resolution;

import dev.sluice.body.Query;
import dev.sluice.operator.Reasons;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes requests of operators apart, strictly: what is not known is refused, and so is what is missing. */
final class Bodies {

    static final String REASON = "reason";
    static final String FILTER = "filter";
    static final String EXPECTED = "expected";
    static final String OVERWRITE = "overwrite";
    static final String PER_SECOND = "perSecond";
    static final String REVISION = "revision";

    private static final int LONGEST_FILTER = 300;

    private Bodies() {}

    static void require(Map<String, Object> body, Set<String> known) {
        body.keySet().stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw malformed("there is no member '" + name + "'; known: "
                    + String.join(", ", known.stream().sorted().toList()));
        });
    }

    static String reason(Map<String, Object> body) {
        return Reasons.required(body.get(REASON));
    }

    static boolean flag(Map<String, Object> body, String name) {
        Object value = body.getOrDefault(name, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw malformed("'" + name + "' is to be true or false");
    }

    /** Whether nothing is to be done but to tell what would be. */
    static boolean dryRun(HttpServletRequest request) {
        return Query.flag(request.getQueryString(), "dryRun", ProblemType.MALFORMED_REQUEST);
    }

    static @Nullable Long number(Map<String, Object> body, String name) {
        Object value = body.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String digits) {
            return Query.number(name, digits, ProblemType.MALFORMED_REQUEST);
        }
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw malformed("'" + name + "' is to be a whole number from 0 on");
    }

    /** Reads which open dead letters are meant. */
    static LetterFilter filter(Map<String, Object> body) {
        Object given = body.get(FILTER);
        if (given == null) {
            return LetterFilter.OPEN;
        }
        if (!(given instanceof Map<?, ?> members)) {
            throw malformed("'filter' is to be an object, like {\"code\": \"23514\"}");
        }
        Set<String> known = Set.of("partition", "code", "field");
        members.forEach((name, value) -> {
            if (!known.contains(String.valueOf(name))
                    || !(value instanceof String text)
                    || text.length() > LONGEST_FILTER) {
                throw malformed("'filter." + name + "' is not known, or no text of at most " + LONGEST_FILTER
                        + " characters; known: code, field, partition");
            }
        });
        return new LetterFilter(
                LetterState.OPEN, (String) members.get("partition"), (String) members.get("code"), (String)
                        members.get("field"));
    }

    static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
