package dev.sluice.http;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What an answer of another Sluice's partition means: it tells more than a status. */
record DownstreamRules(StatusRules statuses) implements AnswerRules {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> REFUSALS = Set.of("record-rejected", "malformed-batch", "too-large");

    @Override
    public Optional<Again> again(Answer answer, Message message, boolean maybeProcessed) {
        JsonNode body = body(answer);
        String problem = body.path("type").asString("").replaceFirst(".*/", "");
        if (answer.succeeded()) {
            return written(answer, message, body);
        }
        return switch (answer.status()) {
            case 408, 425, 429 -> statuses.again(answer, false);
            case 503 -> statuses.again(answer, problem.equals("outcome-unknown"));
            default -> {
                if (REFUSALS.contains(problem)) {
                    throw refused(answer, message, body);
                }
                if (answer.status() == 413) {
                    throw StatusRules.tooLarge(answer, message);
                }
                boolean closed = problem.isEmpty() && Verdict.of(answer.status()) == Verdict.CLOSED;
                if (closed) {
                    throw statuses.closed(answer, message);
                }
                boolean final5xx =
                        answer.status() >= 500 && !body.path("retryable").asBoolean(true);
                if (answer.status() / 100 == 4 || final5xx) {
                    throw standsElsewhere(answer, message, body);
                }
                yield statuses.again(answer, message, maybeProcessed);
            }
        };
    }

    private static JsonNode body(Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /* A page that says "200" to everything must not pass for a delivery. */
    private Optional<Again> written(Answer answer, Message message, JsonNode body) {
        long nextOffset = body.path("nextOffset").asLong(-1);
        if (nextOffset >= message.batch().end()) {
            return Optional.empty();
        }
        if (nextOffset < 0 && !answer.complete()) {
            return statuses.again(answer, true);
        }
        throw StatusRules.broken(
                answer,
                message,
                nextOffset < 0
                        ? ", but not as a partition of Sluice does; url must be like"
                                + " http://host:8080/sinks/events/partitions/{partition}"
                        : ", but its nextOffset is " + nextOffset + " where at least "
                                + message.batch().end() + " was expected");
    }

    /* What the other says of a batch holds for every earlier try of it: it goes by offsets. */
    private static SinkException refused(Answer answer, Message message, JsonNode body) {
        List<RejectedRecord> records = new ArrayList<>();
        for (JsonNode record : body.path("rejected")) {
            add(records, answer, message, record, "message");
        }
        if (records.isEmpty()) {
            add(records, answer, message, body, "detail");
        }
        if (!records.isEmpty()) {
            return SinkException.rejected(records);
        }
        return answer.status() == 413 ? StatusRules.tooLarge(answer, message) : StatusRules.rejected(answer, message);
    }

    private static void add(List<RejectedRecord> records, Answer answer, Message message, JsonNode named, String why) {
        long offset = named.path("offset").asLong(-1);
        if (offset >= message.batch().first() && offset < message.batch().end()) {
            String field = text(answer, named, "field");
            String hint = text(answer, named, "hint");
            records.add(new RejectedRecord(
                    offset,
                    field.isEmpty() ? null : field,
                    named.path("code").asString(Integer.toString(answer.status())),
                    text(answer, named, why),
                    hint.isEmpty() ? null : hint));
        }
    }

    private static SinkException standsElsewhere(Answer answer, Message message, JsonNode body) {
        String detail = text(answer, body, "detail");
        return StatusRules.broken(
                answer, message, " to " + message.what() + (detail.isEmpty() ? answer.text() : ": " + detail));
    }

    private static String text(Answer answer, JsonNode node, String name) {
        return answer.show(node.path(name).asString(""));
    }
}
