package dev.sluice.body;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what somebody wants to be done: a JSON object of at most {@value #MOST_BYTES} bytes, strictly. Unknown,
 * repeated and null members are refused.
 */
@Component
public class ActBody {

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

    /**
     * Reads a body.
     *
     * @param known the names that its members may have
     * @param example for whoever gets it wrong
     */
    public ActMembers read(HttpServletRequest request, Set<String> known, String example) throws IOException {
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE));
        if (types.size() != 1 || BodyFormat.of(types.get(0)) != BodyFormat.JSON) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "this takes one document, Content-Type: application/json, like " + example)
                    .exception();
        }
        JsonNode root = parse(bytes(request), example);
        if (!root.isObject()) {
            throw malformed("the body must be an object, like " + example);
        }
        return ActMembers.of(root, "", known, example);
    }

    /** Whether nothing is to be done but to tell what would be. */
    public static boolean dryRun(HttpServletRequest request) {
        return Query.flag(request.getQueryString(), "dryRun", ProblemType.MALFORMED_REQUEST);
    }

    private byte[] bytes(HttpServletRequest request) throws IOException {
        try (InputStream body = Decompression.of(
                request.getInputStream(),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                limits)) {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw Problem.of(ProblemType.TOO_LARGE, "the body has at most " + MOST_BYTES + " bytes")
                        .exception();
            }
            return bytes;
        }
    }

    private JsonNode parse(byte[] body, String example) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw malformed("the body is not JSON, or has a member twice: line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr()
                    + "; it is to be like " + example);
        } catch (NumberFormatException e) {
            // The parser's own, of an exponent beyond 32 bits.
            throw malformed("the body has a number with an exponent beyond all bounds; it is to be like " + example);
        }
    }

    public static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
