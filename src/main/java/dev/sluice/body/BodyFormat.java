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
    /** One document: {@code json} and whatever is said to be built on it, {@code +json}. */
    JSON,
    /** A value on each line; there is no registered name, so that each tool has its own. */
    NDJSON;

    private static final Set<String> TYPES = Set.of("application", "text");
    private static final Set<String> JSON_SUBTYPES = Set.of("json", "x-json");
    private static final Set<String> NDJSON_SUBTYPES = Set.of(
            "ndjson",
            "x-ndjson",
            "jsonl",
            "x-jsonl",
            "jsonlines",
            "x-jsonlines",
            "json-lines",
            "x-json-lines",
            "ldjson",
            "x-ldjson");
    /* Named like JSON, but a sequence of values. */
    private static final Set<String> SEQUENCES = Set.of("stream+json", "json-seq");

    /** Tells a Content-Type, or refuses it with what to send instead. */
    public static BodyFormat of(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            throw unsupported("the request has no Content-Type; expected " + MediaTypeAdvice.EXPECTED);
        }
        MediaType type = parse(contentType);
        BodyFormat format = format(type);
        if (format == null) {
            throw unsupported("Content-Type '" + contentType + "' is not supported; " + MediaTypeAdvice.of(type));
        }
        requireUtf8(contentType, type);
        return format;
    }

    private static MediaType parse(String contentType) {
        try {
            return MediaType.parseMediaType(contentType);
        } catch (IllegalArgumentException e) {
            throw unsupported("Content-Type '" + contentType + "' cannot be understood; expected "
                    + MediaTypeAdvice.EXPECTED + ", with charset=utf-8 or no charset");
        }
    }

    private static @Nullable BodyFormat format(MediaType type) {
        String subtype = type.getSubtype();
        if (!TYPES.contains(type.getType()) || SEQUENCES.contains(subtype)) {
            return subtype.endsWith("+json") && !SEQUENCES.contains(subtype) ? JSON : null;
        }
        if (JSON_SUBTYPES.contains(subtype) || subtype.endsWith("+json")) {
            return JSON;
        }
        return NDJSON_SUBTYPES.contains(subtype) ? NDJSON : null;
    }

    /* What is ASCII is UTF-8, too. */
    private static void requireUtf8(String contentType, MediaType type) {
        Charset charset = type.getCharset();
        if (charset != null && !charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
            throw unsupported("Content-Type '" + contentType + "' says that the body is " + charset + ", but JSON is"
                    + " UTF-8: convert it (iconv -f " + charset + " -t UTF-8) and say charset=utf-8, or no charset");
        }
    }

    private static RuntimeException unsupported(String detail) {
        return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail).exception();
    }
}
