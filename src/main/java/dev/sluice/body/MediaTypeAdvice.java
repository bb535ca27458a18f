package dev.sluice.body;

import org.springframework.http.MediaType;

/** Tells who has sent another media type what to send instead. */
final class MediaTypeAdvice {

    static final String EXPECTED = "Content-Type: application/json for one JSON document, or application/x-ndjson for a"
            + " value on each line";

    private MediaTypeAdvice() {}

    static String of(MediaType type) {
        return because(type.getSubtype()) + "expected " + EXPECTED;
    }

    private static String because(String subtype) {
        return switch (subtype) {
            case "x-www-form-urlencoded" -> "curl -d says so where no other is given: add -H 'Content-Type: ...'; ";
            case "form-data" -> "send the file as the body, with curl by --data-binary @file instead of -F; ";
            case "plain", "octet-stream", "*" -> "it does not tell what the body is; ";
            case "csv", "tab-separated-values" ->
                "make a JSON value of each row and send one on each line, like {\"id\": 7}; ";
            case "gzip", "x-gzip", "zstd" ->
                "a compressed body is told by Content-Encoding: " + subtype.replace("x-", "") + "; ";
            case "yaml", "x-yaml", "xml", "html" -> "JSON alone is understood; ";
            case "stream+json", "json-seq" -> "it is a sequence of values; ";
            default -> "";
        };
    }
}
