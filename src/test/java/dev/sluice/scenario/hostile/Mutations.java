package dev.sluice.scenario.hostile;

import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * What attackers do to requests. Where the end of the body is put in doubt, the body has a request of its own in it, which
 * is nobody's: {@link #SMUGGLED} must never be done.
 */
final class Mutations {

    /** A batch that only who takes a part of a body for a request would write. */
    static final String SMUGGLED = "POST /sinks/hostile/partitions/smuggled?offset=0 HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-ndjson\r\nContent-Length: 2\r\n\r\n1\n";

    private static final String END = "0\r\n\r\n";

    /* More bytes than are sent on one connection. */
    private static final int MOST_IN_A_ROW = 10_000_000;

    record Mutation(String name, BiConsumer<Draft, Random> how) {}

    private static final List<String> CODINGS = List.of(
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: CHUNKED",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: chunked\t",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: ,chunked",
            "Transfer-Encoding:\r\n chunked",
            "Transfer-Encoding: chu\r\n nked",
            "Transfer-Encoding : chunked",
            " Transfer-Encoding: chunked",
            "Transfer_Encoding: chunked",
            "Transfer-Encoding\u0000: chunked",
            "Transfer-Encoding: chunked\u0000",
            "X: y\rTransfer-Encoding: chunked",
            "X: y\nTransfer-Encoding: chunked",
            "transfer-encoding: chunked");

    private static final List<String> LENGTHS = List.of(
            "-1",
            "+1",
            "0x10",
            "1e2",
            "1.0",
            "1,1",
            "1, 2",
            "1 1",
            "",
            " ",
            "\u00b2",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551617",
            "99999999999999999999999999",
            "-9223372036854775808",
            "1\u0000",
            "00000000000000000000000000000000000000000001x",
            "\t+5");

    private static final List<String> CHUNK_SIZES = List.of(
            "10000000000000000",
            "fffffffffffffffff",
            "ffffffff",
            "7fffffff",
            "80000000",
            "-1",
            "+1",
            "0x1",
            "1 ",
            " 1",
            "",
            "1g",
            "1\u0000",
            "1;",
            "1;x=\"\n\"",
            "1;\n",
            "00000000000000000000000000000001");

    /* In place of {} stands the path as it was. */
    private static final List<String> TARGETS = List.of(
            "http://localhost{}",
            "http://evil.example{}",
            "http://localhost:0{}",
            "http://user:secret@localhost{}",
            "https://localhost{}",
            "ftp://localhost{}",
            "http:{}",
            "http://",
            "localhost:80",
            "*",
            "/{}",
            "//{}",
            "/.{}",
            "/..{}",
            "/x/..{}",
            "/x/..;/..{}",
            "{}/..;/",
            "{}/%2e%2e",
            "{}%2f",
            "{}%00",
            "{}%",
            "{}%zz",
            "{}%c0%af",
            "{}%c0%ae%c0%ae/",
            "{}%e0%80%af",
            "{}%ff",
            "{}%ed%a0%80",
            "{}\u00e9",
            "{}\u0000",
            "{}\t",
            "{} x",
            "{}#f",
            "{}\\..\\",
            "{};a=b",
            "{}?a=b&a=b",
            "{}?%",
            "{}?offset=%00",
            "{}?offset=-1",
            "{}?offset=99999999999999999999",
            "{}?[]",
            "{}?{",
            "{}?\u00ff",
            "{}?%ff",
            "{}/",
            "{}/x",
            "\\{}",
            "x{}",
            "");

    private static final List<String> METHODS = List.of(
            "post",
            "GET/",
            "POST\t",
            "PO ST",
            "PO\u0000ST",
            "P\u00f6ST",
            "CONNECT",
            "TRACE",
            "OPTIONS",
            "PATCH",
            "PUT",
            "DELETE",
            "HEAD",
            "PROPFIND",
            "PRI",
            "",
            " ",
            "\"",
            "X".repeat(300),
            "X".repeat(70_000));

    private static final List<String> VERSIONS = List.of(
            " HTTP/1.0",
            " HTTP/0.9",
            " HTTP/1.2",
            " HTTP/1.11",
            " HTTP/2.0",
            " HTTP/3",
            " http/1.1",
            " HTTP/1,1",
            " HTTP",
            " HTTP/1.1 ",
            " HTTP/1.1 x",
            "  HTTP/1.1",
            "\tHTTP/1.1",
            " HTTP/\u0661.1");

    private static final List<String> HEADERS = List.of(
            "Host: localhost",
            "Host: evil.example",
            "Host: localhost, evil.example",
            "Host : localhost",
            "Host:",
            "Host: localhost:99999",
            "Host: localhost:-1",
            "Host: [::1",
            "Host: loc\u0000alhost",
            "X-Forwarded-Host: evil.example",
            "X-HTTP-Method-Override: DELETE",
            "X: \u0000",
            "X: a\rb",
            "X: a\nb",
            "X: \u00ff\u00fe\u0080",
            "X:",
            "X",
            ": x",
            " : x",
            "X Y: z",
            "X\u00e9: y",
            "X: a\r\n b",
            "\tX: y",
            "(X): y",
            "Content-Type: application/json",
            "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: \u0000",
            "Content-Type: ;;;",
            "Content-Type: multipart/form-data",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Encoding: gzip",
            "Content-Encoding: zstd, gzip",
            "Content-Encoding: br",
            "Content-Encoding: identity, identity",
            "Expect: 100-continue",
            "Expect: 100-Continue, 100-continue",
            "Expect: 200-ok",
            "Expect:",
            "Connection: close",
            "Connection: keep-alive, close",
            "Connection: Content-Length",
            "Connection: Transfer-Encoding, Host",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x",
            "Upgrade: h2c",
            "TE: trailers, chunked",
            "Trailer: Content-Length, Host",
            "Keep-Alive: timeout=99999999999",
            "Accept: \u0000",
            "Accept: x/y;q=-1",
            "Accept: nonsense",
            "Accept-Encoding: identity;q=0, *;q=0",
            "Accept-Language: x-\u00ff",
            "Range: bytes=0-0,1-1,5-",
            "If-Match: \"",
            "If-Modified-Since: nonsense",
            "If-None-Match: *",
            "Cookie: $Version=1; x=\"\u0000",
            "Cookie: =;=;==",
            "Prefer: wait=99999999999999999999",
            "Prefer: wait=-1",
            "Prefer: wait=1, wait=2",
            "Sluice-Fencing-Token: -1",
            "Sluice-Fencing-Token: 1",
            "Sluice-Fencing-Token: \u00ff",
            "Sluice-Integers: nonsense",
            "Sluice-Integers: string",
            "traceparent: nonsense",
            "tracestate: \u0000\u00ff",
            "Origin: null",
            "Origin: https://evil.example",
            "Origin: \u0000",
            "Authorization: Bearer",
            "Authorization: Bearer \u00ff",
            "Authorization: Basic eA==",
            "Authorization: Bearer slk_x_y_z",
            "Forwarded: for=\"_x\";host=evil.example",
            "Last-Event-ID: \u0000");

    static final List<Mutation> ALL = List.of(
            new Mutation("chunked", (draft, random) -> {
                int[] sizes = random.ints(20, 1, 40).toArray();
                draft.framed(Draft.chunks(draft.content, sizes) + END, "Transfer-Encoding: chunked");
            }),
            new Mutation(
                    "trailers",
                    (draft, random) -> draft.framed(
                            Draft.chunks(draft.content) + "0\r\nContent-Length: 5\r\nHost: evil.example\r\nX: "
                                    + "y".repeat(random.nextInt(20_000)) + "\r\n\r\n",
                            "Transfer-Encoding: chunked")),
            new Mutation(
                    "nonsense for trailers",
                    (draft, random) -> draft.framed(
                            Draft.chunks(draft.content) + "0\r\n"
                                    + pick(random, List.of("X", ":", "\u0000: x", " x: y", "\n")) + "\r\n\r\n",
                            "Transfer-Encoding: chunked")),
            new Mutation(
                    "chunk extensions",
                    (draft, random) -> draft.framed(
                            Draft.chunks(draft.content)
                                            .replaceFirst("\r\n", ";x=" + "y".repeat(random.nextInt(20_000)) + "\r\n")
                                    + END,
                            "Transfer-Encoding: chunked")),
            new Mutation("length and chunks", (draft, random) -> {
                String body = Draft.chunks(draft.content) + END + SMUGGLED;
                List<String> lines = random.nextBoolean()
                        ? List.of("Content-Length: " + body.length(), "Transfer-Encoding: chunked")
                        : List.of("Transfer-Encoding: chunked", "Content-Length: " + body.length());
                draft.framed(body, lines.toArray(String[]::new));
            }),
            new Mutation(
                    "length of the first chunk only",
                    (draft, random) -> draft.framed(
                            Draft.chunks(SMUGGLED) + END, "Content-Length: 4", "Transfer-Encoding: chunked")),
            new Mutation(
                    "coding", (draft, random) -> draft.framed(Draft.chunks(SMUGGLED) + END, pick(random, CODINGS))),
            new Mutation("coding and length", (draft, random) -> {
                String body = END + SMUGGLED;
                draft.framed(body, "Content-Length: " + body.length(), pick(random, CODINGS));
            }),
            new Mutation(
                    "two lengths",
                    (draft, random) -> draft.framed(
                            SMUGGLED, "Content-Length: " + random.nextInt(3), "Content-Length: " + SMUGGLED.length())),
            new Mutation(
                    "two lengths, the long one first",
                    (draft, random) -> draft.framed(
                            SMUGGLED, "Content-Length: " + SMUGGLED.length(), "Content-Length: " + random.nextInt(3))),
            new Mutation(
                    "length",
                    (draft, random) -> draft.framed("x" + SMUGGLED, "Content-Length: " + pick(random, LENGTHS))),
            // Longer than all that follows: what ends within another body would make a request of its rest.
            new Mutation(
                    "length that is too long",
                    (draft, random) ->
                            draft.framed(draft.content, "Content-Length: " + (MOST_IN_A_ROW + random.nextInt(500)))),
            // Not 0, by which all of the content would be a request in its own right.
            new Mutation(
                    "length that is too short",
                    (draft, random) -> draft.framed(
                            draft.content,
                            "Content-Length: "
                                    + (draft.content.isEmpty() ? 0 : 1 + random.nextInt(draft.content.length())))),
            new Mutation(
                    "chunk size",
                    (draft, random) -> draft.framed(
                            pick(random, CHUNK_SIZES) + "\r\nx" + SMUGGLED + END, "Transfer-Encoding: chunked")),
            new Mutation(
                    "end of a chunk",
                    (draft, random) -> draft.framed(
                            "1" + pick(random, List.of("\n", "\r", "\r\r\n", "\n\n")) + "x"
                                    + pick(random, List.of("\n", "\r", "", "y\r\n", "\r\n\n")) + END,
                            "Transfer-Encoding: chunked")),
            new Mutation(
                    "a body that is nobody's",
                    (draft, random) -> draft.framed(SMUGGLED, "Content-Length: " + SMUGGLED.length())),
            new Mutation(
                    "chunks that are nobody's",
                    (draft, random) -> draft.framed(Draft.chunks(SMUGGLED, 7, 30) + END, "Transfer-Encoding: chunked")),
            new Mutation("target", (draft, random) -> draft.target = target(draft.target, random)),
            new Mutation(
                    "long target",
                    (draft, random) -> draft.target +=
                            (draft.target.contains("?") ? "&" : "?") + "x".repeat(random.nextInt(70_000))),
            new Mutation("method", (draft, random) -> draft.method = pick(random, METHODS)),
            new Mutation("version", (draft, random) -> draft.version = pick(random, VERSIONS)),
            new Mutation(
                    "line ends",
                    (draft, random) -> draft.eol =
                            pick(random, List.of("\n", "\r", "\n\r", "\r\r\n", "\r\n\u0000", " \r\n", "\u0085"))),
            new Mutation(
                    "header",
                    (draft, random) ->
                            draft.headers.add(random.nextInt(draft.headers.size() + 1), pick(random, HEADERS))),
            new Mutation("other headers", (draft, random) -> {
                for (int i = 0; i < 5; i++) {
                    draft.headers.add(random.nextInt(draft.headers.size() + 1), pick(random, HEADERS));
                }
            }),
            new Mutation(
                    "header left out", (draft, random) -> draft.headers.remove(random.nextInt(draft.headers.size()))),
            new Mutation("header twice", (draft, random) -> draft.headers.add(pick(random, draft.headers))),
            new Mutation(
                    "long header",
                    (draft, random) -> draft.headers.add("X-Long: " + "y".repeat(random.nextInt(70_000)))),
            new Mutation("many headers", (draft, random) -> {
                int count = random.nextInt(300);
                for (int i = 0; i < count; i++) {
                    draft.headers.add("X" + i + ": y");
                }
            }),
            new Mutation("bytes", Mutations::flip));

    private Mutations() {}

    static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String target(String target, Random random) {
        String shape = pick(random, TARGETS);
        // The query stays where it was, unless there is another one.
        int query = shape.contains("?") ? -1 : target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return shape.replace("{}", path) + (query < 0 ? "" : target.substring(query));
    }

    /* Bits of the head. The line that says how long the body is stays: what was content must not become a request. */
    private static void flip(Draft draft, Random random) {
        draft.target = flip(draft.target, random);
        draft.headers.replaceAll(line -> random.nextInt(3) == 0 ? flip(line, random) : line);
        if (random.nextInt(4) == 0) {
            draft.method = flip(draft.method, random);
        }
        if (random.nextInt(8) == 0) {
            draft.version = flip(draft.version, random);
        }
    }

    private static String flip(String text, Random random) {
        if (text.isEmpty()) {
            return text;
        }
        int at = random.nextInt(text.length());
        char other = (char) (text.charAt(at) ^ (1 << random.nextInt(8)));
        return text.substring(0, at) + other + text.substring(at + 1);
    }
}
