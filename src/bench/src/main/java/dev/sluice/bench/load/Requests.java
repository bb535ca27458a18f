package dev.sluice.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes the heads of requests; nothing but partition, offset and length differs between them. */
final class Requests {

    private final byte[] path;
    private final byte[] rest;
    private final boolean keyed;
    private final int largestAnswer;

    Requests(LoadOptions options) {
        keyed = options.keyed();
        // An answer to keyed records tells of each of the sink's partitions.
        largestAnswer = keyed ? 1 << 16 : 1 << 13;
        path = ascii("POST /sinks/" + options.sink() + (keyed ? "/records" : "/partitions/"));
        rest = ascii(" HTTP/1.1\r\nHost: " + options.url().getAuthority() + "\r\nContent-Type: "
                + (options.json() ? "application/json" : "application/x-ndjson") + "\r\n"
                + (options.key().isEmpty() ? "" : "Authorization: Bearer " + options.key() + "\r\n")
                + (options.gzip() ? "Content-Encoding: gzip\r\n" : "")
                + (options.preferWait() > 0 ? "Prefer: wait=" + options.preferWait() + "\r\n" : "")
                + "Content-Length: ");
    }

    /** Returns how many bytes an answer may have. */
    int largestAnswer() {
        return largestAnswer;
    }

    void head(ByteBuffer into, String partition, long offset, int length) {
        into.put(path);
        if (!keyed) {
            text(into, partition);
        }
        text(into, "?offset=");
        text(into, Long.toString(offset));
        into.put(rest);
        text(into, Integer.toString(length));
        text(into, "\r\n\r\n");
    }

    private static void text(ByteBuffer into, String text) {
        for (int i = 0; i < text.length(); i++) {
            into.put((byte) text.charAt(i));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
