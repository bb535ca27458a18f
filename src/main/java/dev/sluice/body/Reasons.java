package dev.sluice.body;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Why somebody acts, in their own words: 1 to {@value #LONGEST} visible characters. */
public final class Reasons {

    public static final int LONGEST = 200;

    private Reasons() {}

    /** Returns the reason, which has to be given. */
    public static String required(@Nullable String reason) {
        if (reason == null) {
            throw malformed("'reason' is missing: it says why");
        }
        return checked(reason);
    }

    /** Returns the reason, null if there is none. */
    public static @Nullable String optional(@Nullable String reason) {
        return reason == null ? null : checked(reason);
    }

    private static String checked(String reason) {
        if (!isText(reason)) {
            throw malformed("'reason' is none: it says why");
        }
        return reason;
    }

    /** Whether a text is one of 1 to {@value #LONGEST} visible characters. */
    static boolean isText(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static RuntimeException malformed(String what) {
        return Problem.of(
                        ProblemType.MALFORMED_REQUEST,
                        what + " in 1 to " + LONGEST
                                + " visible characters, like \"restored from last night's backup\"")
                .exception();
    }
}
