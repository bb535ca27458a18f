package dev.sluice.http;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The records that a target names as those which it refuses: <code>{"rejected":[{"index":3,"message":"…"}]}</code>, where
 * {@code index} counts the records of the request from 0; {@code code} and {@code field} may be there as well.
 */
final class NamedRejections {

    private static final JsonMapper JSON = new JsonMapper();

    private NamedRejections() {}

    /** Returns them; none if the answer names none, or one that was not sent. */
    static List<RejectedRecord> of(Answer answer, List<SinkRecord> sent) {
        List<RejectedRecord> named = new ArrayList<>();
        for (JsonNode rejection : list(answer)) {
            long index = rejection.path("index").isIntegralNumber()
                    ? rejection.path("index").asLong(-1)
                    : -1;
            if (index < 0 || index >= sent.size()) {
                return List.of();
            }
            String field = answer.show(rejection.path("field").asString(""));
            named.add(new RejectedRecord(
                    sent.get((int) index).offset(),
                    field.isEmpty() ? null : field,
                    answer.show(rejection.path("code").asString(Integer.toString(answer.status()))),
                    answer.show(rejection.path("message").asString("the target says no more than its index")),
                    null));
        }
        return named;
    }

    private static JsonNode list(Answer answer) {
        try {
            JsonNode root = answer.complete() ? JSON.readTree(answer.body()) : JSON.nullNode();
            return root.path("rejected");
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }
}
