package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.access.Verb;
import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Grants as JSON: {@code [{"sinks": "events-*", "verbs": ["write", "read"]}]}. */
public final class Grants {

    /** For whoever gets it wrong. */
    public static final String EXAMPLE = "[{\"sinks\": \"events-*\", \"verbs\": [\"write\", \"read\"]}]";

    private static final int MOST = 100;
    private static final Set<String> MEMBERS = Set.of("sinks", "verbs");
    private static final JsonMapper JSON = new JsonMapper();

    private Grants() {}

    static String text(List<Grant> grants) {
        return JSON.writeValueAsString(shown(grants));
    }

    /** Returns them as they are shown. */
    public static List<Map<String, Object>> shown(List<Grant> grants) {
        return grants.stream()
                .map(grant -> Map.of(
                        "sinks",
                        (Object) grant.sinks(),
                        "verbs",
                        grant.verbs().stream().map(Verb::label).toList()))
                .toList();
    }

    /** Reads the JSON of what somebody wants, or what {@link #text} has written. */
    public static List<Grant> read(String text) {
        return read(JSON.readTree(text));
    }

    private static List<Grant> read(JsonNode given) {
        if (!given.isArray() || given.isEmpty() || given.size() > MOST) {
            throw malformed("'grants' must be a list of 1 to " + MOST + " grants, like " + EXAMPLE);
        }
        List<Grant> grants = new ArrayList<>();
        given.forEach(grant -> grants.add(grant(grant)));
        return List.copyOf(grants);
    }

    private static Grant grant(JsonNode given) {
        if (!given.isObject()) {
            throw malformed("a grant must be an object, but is " + given + "; grants are like " + EXAMPLE);
        }
        for (String name : given.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                throw malformed("a grant has an unknown member '" + name + "'" + NearestNames.hint(name, MEMBERS)
                        + "; grants are like " + EXAMPLE);
            }
        }
        JsonNode sinks = given.path("sinks");
        if (!sinks.isString() || !Grant.canBeSaid(sinks.stringValue())) {
            throw malformed("'sinks' of a grant must be the id of a sink, the beginning of ids with a * behind it, or *"
                    + " for all sinks, but is " + (sinks.isMissingNode() ? "missing" : sinks));
        }
        EnumSet<Verb> verbs = EnumSet.noneOf(Verb.class);
        given.path("verbs").forEach(verb -> verbs.add(verb(verb)));
        if (verbs.isEmpty()) {
            throw malformed("'verbs' of a grant must be a list of some of " + Verb.labels());
        }
        if (verbs.contains(Verb.ADMIN) && !sinks.stringValue().equals("*")) {
            throw malformed("'admin' is about the service as a whole: it goes with \"sinks\": \"*\" only");
        }
        return new Grant(sinks.stringValue(), verbs);
    }

    private static Verb verb(JsonNode given) {
        String name = given.isString() ? given.stringValue() : given.toString();
        return Verb.of(name)
                .orElseThrow(() -> malformed("there is no verb '" + name + "'" + NearestNames.hint(name, Verb.labels())
                        + "; there are " + Verb.labels()));
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
