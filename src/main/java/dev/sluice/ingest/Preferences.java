package dev.sluice.ingest;

import dev.sluice.catalog.SinkDefinition;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a writer would rather have (RFC 7240); preferences that we do not know are void.
 *
 * @param patience how long it would rather wait than be told of a gap, at most {@link #LONGEST_WAIT}
 * @param handling {@value #STRICT}, {@value #LENIENT}, or null
 */
record Preferences(Duration patience, @Nullable String handling) {

    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final String STRICT = "strict";
    private static final String LENIENT = "lenient";

    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?([0-9]+)\"?(?=$|[,;\\s])", Pattern.CASE_INSENSITIVE);
    private static final Pattern HANDLING = Pattern.compile(
            "(?:^|[,;\\s])handling\\s*=\\s*\"?(strict|lenient)\"?(?=$|[,;\\s])", Pattern.CASE_INSENSITIVE);
    private static final Preferences NONE = new Preferences(Duration.ZERO, null);

    static Preferences of(HttpServletRequest request) {
        Preferences found = NONE;
        for (String header : Collections.list(request.getHeaders("Prefer"))) {
            Matcher wait = WAIT.matcher(header);
            if (found.patience().isZero() && wait.find()) {
                BigInteger seconds = new BigInteger(wait.group(1)).min(BigInteger.valueOf(LONGEST_WAIT.toSeconds()));
                found = new Preferences(Duration.ofSeconds(seconds.longValue()), found.handling());
            }
            Matcher handling = HANDLING.matcher(header);
            if (found.handling() == null && handling.find()) {
                found = new Preferences(
                        found.patience(), handling.group(1).equalsIgnoreCase(STRICT) ? STRICT : LENIENT);
            }
        }
        return found;
    }

    /** Whether a refused record is to stop the batch, whatever the sink's definition says. */
    boolean strict() {
        return STRICT.equals(handling);
    }

    /** Returns the value of {@code Preference-Applied}, empty where nothing was applied. */
    String applied(SinkDefinition sink) {
        String wait = patience.isZero() ? "" : waiting();
        String handled = handled(sink);
        return wait.isEmpty() || handled.isEmpty() ? wait + handled : wait + ", " + handled;
    }

    String waiting() {
        return "wait=" + patience.toSeconds();
    }

    /** The same where nobody waits. */
    String handled(SinkDefinition sink) {
        // A sink made of others settles nothing itself, and what its targets do then is theirs to say.
        boolean applies =
                sink.deadLetters() != null || (strict() && sink.targets().isEmpty());
        return handling != null && applies ? "handling=" + handling : "";
    }
}
