package dev.sluice.request;

import dev.sluice.fuzz.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** {@code traceparent} and, behind the first line feed, {@code tracestate}: what is sent on is always in order. */
public final class TraceFuzz {

    private static final Pattern PARENT = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern STATE = Pattern.compile("[\\t -~]{1,2048}");

    private TraceFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String[] parts = new String(data, StandardCharsets.ISO_8859_1).split("\n", 2);
        Trace trace = Trace.of(parts[0], parts.length > 1 ? parts[1] : null);
        Refusal.require(PARENT.matcher(trace.traceparent()).matches(), "sent on: " + trace.traceparent());
        Refusal.require(trace.traceparent().startsWith(trace.id(), 3), "another id: " + trace.id());
        Refusal.require(
                !PARENT.matcher(parts[0]).matches() || trace.traceparent().equals(parts[0]),
                "not sent on: " + parts[0]);
        Refusal.require(
                trace.tracestate() == null || STATE.matcher(trace.tracestate()).matches(),
                "sent on: " + trace.tracestate());
    }
}
