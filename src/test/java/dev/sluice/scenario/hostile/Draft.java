package dev.sluice.scenario.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A request in the making, in its parts, none of which has to make sense. Texts have a character for each byte. Who makes
 * it says which operation it is, and whose trace.
 */
final class Draft {

    static final String EOL = "\r\n";

    final String operation;
    final String trace;
    String method;
    String target;
    String version = " HTTP/1.1";
    String eol = EOL;
    final List<String> headers = new ArrayList<>();
    /** Headers that say where the body ends, and what comes behind the head. */
    final List<String> framing = new ArrayList<>();

    String sent = "";
    final String content;
    /** What was done to it; empty if it is as it should be. */
    final List<String> mutations = new ArrayList<>();
    /** Where it is a batch: its first offset, or else −1. */
    final long offset;

    Draft(Random random, String operation, String target, String content, long offset) {
        this.operation = operation;
        this.method = operation.substring(0, operation.indexOf(' '));
        this.target = target;
        this.content = content;
        this.offset = offset;
        this.trace = "%016x%016x".formatted(random.nextLong(), random.nextLong() | 1);
        headers.add("Host: localhost");
        headers.add("traceparent: 00-" + trace + "-00f067aa0ba902b7-00");
        if (!content.isEmpty()) {
            plain();
        }
    }

    Draft header(String line) {
        headers.add(line);
        return this;
    }

    /** Sends the content with its length. */
    void plain() {
        framed(content, "Content-Length: " + content.length());
    }

    /** Sends this behind the head, which has these headers to say so. */
    void framed(String whole, String... lines) {
        framing.clear();
        framing.addAll(List.of(lines));
        sent = whole;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isMutated() {
        return !mutations.isEmpty();
    }

    String text() {
        StringBuilder text = new StringBuilder(method)
                .append(' ')
                .append(target)
                .append(version)
                .append(eol);
        headers.forEach(line -> text.append(line).append(eol));
        framing.forEach(line -> text.append(line).append(eol));
        return text.append(eol).append(sent).toString();
    }

    /** Returns content in chunks of these sizes, the last one of its rest, without the end. */
    static String chunks(String content, int... sizes) {
        StringBuilder chunks = new StringBuilder();
        int at = 0;
        for (int i = 0; at < content.length(); i++) {
            int size = i < sizes.length ? Math.min(sizes[i], content.length() - at) : content.length() - at;
            chunks.append(Integer.toHexString(size))
                    .append(EOL)
                    .append(content, at, at + size)
                    .append(EOL);
            at += size;
        }
        return chunks.toString();
    }
}
