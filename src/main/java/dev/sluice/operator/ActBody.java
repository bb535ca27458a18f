package dev.sluice.operator;

import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.LimitProperties;
import dev.sluice.body.Query;
import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what an operator wants to be done: a small JSON object, strictly, with a reason. */
@Component
class ActBody {

    private static final int MOST_BYTES = 256 * 1024;

    private final LimitProperties limits;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    ActBody(LimitProperties limits) {
        this.limits = limits;
    }

    /** The members of a body, each of which may be asked for by its name. */
    record Members(JsonNode root) {

        String reason() {
            return Reasons.required(text("reason"));
        }

        @Nullable
        Long ifVersion() {
            return number("ifVersion");
        }

        @Nullable
        String text(String name) {
            JsonNode value = root.path(name);
            if (value.isMissingNode()) {
                return null;
            }
            if (!value.isString()
                    || value.stringValue().isBlank()
                    || value.stringValue().length() > Reasons.LONGEST
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(value.stringValue())
                    || value.stringValue().chars().anyMatch(Character::isISOControl)) {
                throw malformed("'" + name + "' must be a text of 1 to " + Reasons.LONGEST
                        + " visible characters, but is " + value);
            }
            return value.stringValue();
        }

        @Nullable
        Long number(String name) {
            JsonNode value = root.path(name);
            if (value.isMissingNode()) {
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

        @Nullable
        Instant time(String name) {
            String text = text(name);
            try {
                return text == null ? null : OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw malformed("'" + name + "' must be a time of ISO 8601 with its zone, like"
                        + " \"2026-11-30T06:00:00Z\", but is \"" + text + "\"");
            }
        }
    }

    /**
     * Reads a body.
     *
     * @param known the names of its members, besides {@code reason} and {@code ifVersion}
     * @param example for whoever gets it wrong
     */
    Members read(HttpServletRequest request, Set<String> known, String example) throws IOException {
        if (BodyFormat.of(request.getHeader(HttpHeaders.CONTENT_TYPE)) != BodyFormat.JSON) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "this takes one document, Content-Type: application/json, like " + example)
                    .exception();
        }
        JsonNode root = parse(bytes(request), example);
        if (!root.isObject()) {
            throw malformed("the body must be an object, like " + example);
        }
        for (String name : root.propertyNames()) {
            if (!known.contains(name) && !Set.of("reason", "ifVersion").contains(name)) {
                throw malformed("the body has an unknown member '" + name + "'" + NearestNames.hint(name, known)
                        + "; it is to be like " + example);
            }
            if (root.path(name).isNull()) {
                throw malformed("'" + name + "' is null; leave it out instead");
            }
        }
        return new Members(root);
    }

    /** Returns the sink's state as JSON text, null if there is none. */
    @Nullable
    String state(Members members) {
        JsonNode state = members.root().path("state");
        return state.isMissingNode() ? null : json.writeValueAsString(state);
    }

    /** Whether nothing is to be done but to tell what would be. */
    static boolean dryRun(HttpServletRequest request) {
        return Query.flag(request.getQueryString(), "dryRun", ProblemType.MALFORMED_REQUEST);
    }

    private byte[] bytes(HttpServletRequest request) throws IOException {
        byte[] bytes = Decompression.of(
                        request.getInputStream(),
                        request.getContentLengthLong(),
                        request.getHeader(HttpHeaders.CONTENT_ENCODING),
                        limits)
                .readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw Problem.of(ProblemType.TOO_LARGE, "the body has at most " + MOST_BYTES + " bytes")
                    .exception();
        }
        return bytes;
    }

    private JsonNode parse(byte[] body, String example) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw malformed("the body is not JSON, or has a member twice: line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr()
                    + "; it is to be like " + example);
        }
    }

    static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
