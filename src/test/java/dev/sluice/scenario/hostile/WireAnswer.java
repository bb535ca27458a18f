package dev.sluice.scenario.hostile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer, byte by byte as HTTP/1.1 says; whatever else comes over a connection is an {@link IllegalStateException}.
 * Texts have a character for each byte.
 */
record WireAnswer(int status, Map<String, String> headers, String body) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) ?[ -~]*");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\\t -~\\x80-\\xff]*)");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int NOT_FINAL = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /**
     * Splits what came over a connection; what is said on the way to an answer ({@code 100 Continue}) is left out.
     *
     * @param heads which requests asked for heads only
     */
    static List<WireAnswer> split(String all, List<Boolean> heads) {
        List<WireAnswer> answers = new ArrayList<>();
        int at = 0;
        while (at < all.length()) {
            if (all.charAt(at) == '{') {
                answers.add(withoutHead(all.substring(at)));
                return answers;
            }
            int end = all.indexOf("\r\n\r\n", at);
            if (end < 0) {
                throw new IllegalStateException("no answer has such a head: " + all.substring(at));
            }
            String[] lines = all.substring(at, end).split("\r\n", -1);
            Matcher status = matching(STATUS_LINE, lines[0]);
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                Matcher header = matching(HEADER, lines[i]);
                headers.merge(
                        header.group(1).toLowerCase(Locale.ROOT), header.group(2), (one, other) -> one + ", " + other);
            }
            int code = Integer.parseInt(status.group(1));
            at = end + 4;
            if (code < NOT_FINAL) {
                continue;
            }
            boolean bodiless = code == NO_CONTENT
                    || code == NOT_MODIFIED
                    || (answers.size() < heads.size() && heads.get(answers.size()));
            StringBuilder body = new StringBuilder();
            at = bodiless ? at : body(all, at, headers, body);
            answers.add(new WireAnswer(code, headers, body.toString()));
        }
        return answers;
    }

    /* To a line without a version goes an answer without a head (RFC 1945, "HTTP/0.9"), and the connection ends. */
    private static WireAnswer withoutHead(String body) {
        JsonNode problem = JSON.readTree(body);
        String instance = problem.path("instance").stringValue("");
        return new WireAnswer(
                problem.path("status").intValue(),
                Map.of(
                        "content-type",
                        "application/problem+json",
                        "sluice-trace-id",
                        instance.substring(instance.lastIndexOf(':') + 1)),
                body);
    }

    private static Matcher matching(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalStateException("no answer has such a line: " + line);
        }
        return matcher;
    }

    private static int body(String all, int start, Map<String, String> headers, StringBuilder body) {
        String length = headers.get("content-length");
        if (headers.containsKey("transfer-encoding")) {
            return chunks(all, start, body);
        }
        int end = length == null ? all.length() : start + Integer.parseInt(length);
        if (end > all.length()) {
            throw new IllegalStateException("an answer was cut off: " + all.substring(start));
        }
        body.append(all, start, end);
        return end;
    }

    private static int chunks(String all, int start, StringBuilder body) {
        int at = start;
        while (true) {
            int line = all.indexOf("\r\n", at);
            if (line < 0) {
                throw new IllegalStateException("an answer was cut off: " + all.substring(start));
            }
            int size = Integer.parseInt(all.substring(at, line), 16);
            int end = line + 2 + size;
            if (!all.startsWith("\r\n", end)) {
                throw new IllegalStateException("a chunk does not end where it should: " + all.substring(at));
            }
            body.append(all, line + 2, end);
            at = end + 2;
            if (size == 0) {
                return at;
            }
        }
    }

    /** The body as text. */
    String text() {
        return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
