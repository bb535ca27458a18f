package dev.sluice.body;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The media types a batch can come in. */
public enum BodyFormat {
    JSON,
    NDJSON;

    private static final Set<String> NDJSON_SUBTYPES = Set.of("x-ndjson", "ndjson", "jsonl", "x-jsonlines");

    public static BodyFormat of(@Nullable String contentType) {
        if (contentType == null) {
            throw unsupported("the request has no Content-Type");
        }
        MediaType type;
        Charset charset;
        try {
            type = MediaType.parseMediaType(contentType);
            charset = type.getCharset();
        } catch (IllegalArgumentException e) {
            throw unsupported("Content-Type '" + contentType + "' cannot be understood");
        }
        if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
            throw unsupported("JSON is UTF-8, not " + charset);
        }
        if (type.getType().equals("application") && type.getSubtype().equals("json")) {
            return JSON;
        }
        if (type.getType().equals("application") && NDJSON_SUBTYPES.contains(type.getSubtype())) {
            return NDJSON;
        }
        throw unsupported("Content-Type '" + contentType + "' is not supported");
    }

    private static RuntimeException unsupported(String what) {
        return Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        what + "; send Content-Type: application/json or application/x-ndjson")
                .exception();
    }
}
