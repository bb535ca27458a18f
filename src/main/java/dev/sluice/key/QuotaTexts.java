package dev.sluice.key;

import dev.sluice.access.Quota;
import dev.sluice.access.Quotas;
import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Quotas as JSON: <code>{"requestsPerSecond": 100, "sinks": 10}</code>. */
public final class QuotaTexts {

    /** For whoever gets it wrong. */
    public static final String EXAMPLE = "{\"requestsPerSecond\": 100, \"bytesPerSecond\": 10000000}";

    /* So that what is left of it by a number of replicas, and what is taken beyond it, stay numbers that add up. */
    private static final long MOST = 1L << 50;

    private static final JsonMapper JSON = new JsonMapper();

    private QuotaTexts() {}

    static String text(Quotas quotas) {
        return JSON.writeValueAsString(shown(quotas));
    }

    /** Returns them as they are shown. */
    public static Map<String, Long> shown(Quotas quotas) {
        Map<String, Long> shown = new LinkedHashMap<>();
        for (Quota quota : Quota.values()) {
            Long bound = quotas.of(quota);
            if (bound != null) {
                shown.put(quota.label(), bound);
            }
        }
        return shown;
    }

    /**
     * Reads the JSON of what somebody wants, or what {@link #text} has written.
     *
     * @throws dev.sluice.problem.ProblemException that says what is wrong with it
     */
    public static Quotas read(String text) {
        JsonNode given = JSON.readTree(text);
        if (!given.isObject()) {
            throw malformed("'quotas' must be an object like " + EXAMPLE + ", but is " + given);
        }
        Map<Quota, Long> bounds = new EnumMap<>(Quota.class);
        for (String name : given.propertyNames()) {
            Quota quota = Quota.of(name)
                    .orElseThrow(() -> malformed("there is no quota '" + name + "'"
                            + NearestNames.hint(name, Quota.labels()) + "; there are " + Quota.labels()));
            JsonNode bound = given.path(name);
            if (!bound.isIntegralNumber()
                    || !bound.canConvertToLong()
                    || bound.longValue() < 1
                    || bound.longValue() > MOST) {
                throw malformed("the quota '" + name + "' must be an integer from 1 to " + MOST + ", but is " + bound
                        + "; leave it out where there is no bound");
            }
            bounds.put(quota, bound.longValue());
        }
        return new Quotas(bounds);
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
