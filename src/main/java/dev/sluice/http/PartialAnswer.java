package dev.sluice.http;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a 207 says of each record. There is no common form. One is understood: JSON with a list that has an object with
 * an HTTP status for each record, in their order, as the whole body or as the only list in it.
 *
 * @param statuses one for each record; empty if that is not what the body is
 */
record PartialAnswer(List<Integer> statuses) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> NAMES = List.of("status", "statusCode", "status_code");

    static PartialAnswer of(Answer answer, int records) {
        JsonNode list = list(answer);
        List<Integer> statuses = new ArrayList<>();
        for (JsonNode element : list) {
            statuses.add(status(element));
        }
        boolean understood = statuses.size() == records && !statuses.contains(0);
        return new PartialAnswer(understood ? List.copyOf(statuses) : List.of());
    }

    private static JsonNode list(Answer answer) {
        try {
            JsonNode body = answer.complete() ? JSON.readTree(answer.body()) : MissingNode.getInstance();
            if (body.isArray()) {
                return body;
            }
            List<JsonNode> lists = body.isObject()
                    ? body.valueStream().filter(JsonNode::isArray).toList()
                    : List.of();
            return lists.size() == 1 ? lists.get(0) : MissingNode.getInstance();
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    private static int status(JsonNode element) {
        return NAMES.stream()
                .map(element::path)
                .filter(JsonNode::isIntegralNumber)
                .mapToInt(JsonNode::intValue)
                .filter(status -> status >= 200 && status <= 599)
                .findFirst()
                .orElse(0);
    }

    /** Whether the target has every record. */
    boolean allTaken() {
        return !statuses.isEmpty() && statuses.stream().allMatch(status -> Verdict.of(status) == Verdict.TAKEN);
    }

    /** Whether all that it lacks is lacking only for now. */
    boolean mayPass() {
        return !statuses.isEmpty()
                && statuses.stream()
                        .map(Verdict::of)
                        .allMatch(verdict ->
                                verdict == Verdict.TAKEN || verdict == Verdict.NOT_NOW || verdict == Verdict.UNKNOWN);
    }

    /** Returns what was found, in words. */
    String what() {
        if (statuses.isEmpty()) {
            return "its body has no list with a status for each record that was sent";
        }
        for (int i = 0; i < statuses.size(); i++) {
            if (Verdict.of(statuses.get(i)) != Verdict.TAKEN) {
                return "the first one that it lacks is number " + (i + 1) + " of " + statuses.size()
                        + " in the request, with status " + statuses.get(i);
            }
        }
        return "it has all of them";
    }
}
