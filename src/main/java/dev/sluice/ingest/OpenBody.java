package dev.sluice.ingest;

import dev.sluice.body.Query;
import dev.sluice.catalog.NearestNames;
import dev.sluice.partition.OpenRequest;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code {"owner": "…", "ifFencingToken": 3, "resume": {snapshot}}}, strictly. */
@Component
class OpenBody {

    private static final int MOST_BYTES = 256 * 1024;
    private static final int LONGEST_OWNER = 200;
    private static final int LONGEST_REASON = 200;
    private static final Set<String> MEMBERS = Set.of("owner", "ifFencingToken", "resume", "reason");
    private static final Set<String> SNAPSHOT_MEMBERS = Set.of(
            "sink",
            "partition",
            "nextOffset",
            "deliveredOffset",
            "fencingToken",
            "version",
            "state",
            "owner",
            "openedBy",
            "updatedAt",
            "children");

    /* The state goes back to the sink as it came: numbers keep their digits, repeated names are an error. */
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    OpenRequest read(InputStream body, String sink, String partition) throws IOException {
        JsonNode root = parse(body.readNBytes(MOST_BYTES + 1));
        if (!root.isObject()) {
            throw malformed("the body must be an object, like {\"owner\": \"loader-7\"}");
        }
        refuseUnknown(root, MEMBERS, "the body");
        JsonNode owner = root.path("owner");
        if (!isVisible(owner, LONGEST_OWNER)) {
            throw malformed("'owner' must be a text of 1 to " + LONGEST_OWNER
                    + " visible characters that tells people who writes, like \"loader-7\"");
        }
        JsonNode resume = root.path("resume");
        if (resume.isMissingNode() || resume.isNull()) {
            return new OpenRequest(
                    owner.stringValue(),
                    Work.currentSender().known(),
                    number(root, "ifFencingToken"),
                    null,
                    null,
                    null);
        }
        if (!resume.isObject()) {
            throw malformed("'resume' must be a snapshot, as GET …/snapshot answers it");
        }
        refuseUnknown(resume, SNAPSHOT_MEMBERS, "'resume'");
        refuseOther(resume, "sink", sink);
        refuseOther(resume, "partition", partition);
        Long nextOffset = number(resume, "nextOffset");
        if (nextOffset == null) {
            throw malformed("'resume' has no nextOffset");
        }
        JsonNode state = resume.path("state");
        return new OpenRequest(
                owner.stringValue(),
                Work.currentSender().known(),
                number(root, "ifFencingToken"),
                nextOffset,
                state.isMissingNode() || state.isNull() ? null : json.writeValueAsString(state),
                reason(root));
    }

    private static boolean isVisible(JsonNode text, int longest) {
        return text.isString()
                && !text.stringValue().isBlank()
                && text.stringValue().length() <= longest
                && StandardCharsets.UTF_8.newEncoder().canEncode(text.stringValue())
                && text.stringValue().chars().noneMatch(Character::isISOControl);
    }

    private static @Nullable String reason(JsonNode root) {
        JsonNode reason = root.path("reason");
        if (reason.isMissingNode() || reason.isNull()) {
            return null;
        }
        if (!isVisible(reason, LONGEST_REASON)) {
            throw malformed("'reason' must say why in 1 to " + LONGEST_REASON + " visible characters");
        }
        return reason.stringValue();
    }

    private JsonNode parse(byte[] body) {
        if (body.length > MOST_BYTES) {
            throw Problem.of(ProblemType.TOO_LARGE, "the body has more than " + MOST_BYTES + " bytes")
                    .exception();
        }
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            String what = e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" at \\[Source.*", "");
            throw malformed("the body is not JSON: " + what + " (line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ")");
        } catch (NumberFormatException e) {
            // The parser's own, of an exponent beyond 32 bits.
            throw malformed("the body has a number with an exponent beyond all bounds");
        }
    }

    private static @Nullable Long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return Query.number(name, value.stringValue(), ProblemType.MALFORMED_REQUEST);
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw malformed("'" + name + "' must be an integer from 0 to " + Long.MAX_VALUE + ", but is " + value);
        }
        return value.longValue();
    }

    private static void refuseOther(JsonNode resume, String name, String expected) {
        JsonNode value = resume.path(name);
        if (!value.isMissingNode() && !(value.isString() && value.stringValue().equals(expected))) {
            throw malformed(
                    "'resume' is the snapshot of another " + name + ": " + value + ", not \"" + expected + "\"");
        }
    }

    private static void refuseUnknown(JsonNode node, Set<String> known, String where) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw malformed(
                        where + " has an unknown member '" + name + "'" + NearestNames.hint(name, known) + "; known: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
