package dev.sluice.request;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to (W3C Trace Context): the one that its header {@code traceparent} names, or one of
 * its own, which is made when somebody asks for it. Thread-safe.
 */
public final class Trace {

    private static final int ID = "00-".length();
    private static final int ID_DIGITS = 32;
    private static final int SPAN = ID + ID_DIGITS + 1;
    private static final int SPAN_DIGITS = 16;
    /** Where the flags stand in a header. */
    static final int FLAGS = SPAN + SPAN_DIGITS + 1;

    private static final int LENGTH = FLAGS + 2;
    private static final HexFormat HEX = HexFormat.of();

    private static final int LONGEST_STATE = 2_048;

    private final @Nullable String given;
    private final @Nullable String givenState;
    private final @Nullable Timeline timeline;
    /* Guarded by this. */
    private @Nullable String parent;

    private Trace(@Nullable String given, @Nullable String givenState, @Nullable Timeline timeline) {
        this.given = given;
        this.givenState = givenState;
        this.timeline = timeline;
    }

    /** Returns the trace of a request by its header; a header that is missing or malformed begins another trace. */
    public static Trace of(@Nullable String traceparent) {
        return of(traceparent, null);
    }

    /** The same with the header {@code tracestate}, which is sent on with the other one and means nothing here. */
    public static Trace of(@Nullable String traceparent, @Nullable String tracestate) {
        return new Trace(traceparent, tracestate, null);
    }

    /** Returns the same trace with a span of this service in it, whose header and times these are. */
    static Trace recorded(String traceparent, @Nullable Trace request, @Nullable Timeline timeline) {
        return new Trace(traceparent, request == null ? null : request.tracestate(), timeline);
    }

    /** Returns what notes the times of the request, null if it is not recorded. */
    public @Nullable Timeline timeline() {
        return timeline;
    }

    /** Returns the id: 32 hexadecimal digits. */
    public String id() {
        return idIn(traceparent());
    }

    /** Returns the header for what is sent on: as it came, or of the request's own trace, which nobody records. */
    public synchronized String traceparent() {
        if (parent == null) {
            parent = given != null && isValid(given) ? "00" + given.substring(2, LENGTH) : made();
        }
        return parent;
    }

    /** Returns the header that goes with {@link #traceparent} to what is sent on; null if none is to. */
    public @Nullable String tracestate() {
        boolean isSentOn = givenState != null
                && given != null
                && isValid(given)
                && !givenState.isBlank()
                && givenState.length() <= LONGEST_STATE
                && givenState.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'));
        return isSentOn ? givenState : null;
    }

    /** Returns the id in a valid header. */
    static String idIn(String traceparent) {
        return traceparent.substring(ID, ID + ID_DIGITS);
    }

    /** Returns the id of the span in a valid header. */
    static String spanIn(String traceparent) {
        return traceparent.substring(SPAN, SPAN + SPAN_DIGITS);
    }

    private static String made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // All zeros would be no id.
        return "00-" + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong() | 1) + "-"
                + HEX.toHexDigits(random.nextLong() | 1) + "-00";
    }

    /* Later versions may have more behind the flags, which is not for us. */
    static boolean isValid(String header) {
        return header.length() >= LENGTH
                && isHex(header, 0, 2)
                && !header.startsWith("ff")
                && (header.startsWith("00")
                        ? header.length() == LENGTH
                        : header.length() == LENGTH || header.charAt(LENGTH) == '-')
                && header.charAt(ID - 1) == '-'
                && isId(header, ID, ID_DIGITS)
                && header.charAt(SPAN - 1) == '-'
                && isId(header, SPAN, SPAN_DIGITS)
                && header.charAt(FLAGS - 1) == '-'
                && isHex(header, FLAGS, 2);
    }

    private static boolean isId(String header, int from, int digits) {
        boolean zeros = true;
        for (int i = from; i < from + digits; i++) {
            zeros &= header.charAt(i) == '0';
        }
        return !zeros && isHex(header, from, digits);
    }

    private static boolean isHex(String header, int from, int digits) {
        for (int i = from; i < from + digits; i++) {
            char c = header.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
