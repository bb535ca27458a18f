package dev.sluice.operator;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Why somebody acts, in their own words: 1 to {@value #LONGEST} visible characters. */
public final class Reasons {

    public static final int LONGEST = 200;

    private Reasons() {}

    /** Returns the reason, which has to be given. */
    public static String required(@Nullable Object reason) {
        if (reason == null) {
            throw malformed("'reason' is missing: it says why");
        }
        return checked(reason);
    }

    /** Returns the reason, null if there is none. */
    public static @Nullable String optional(@Nullable Object reason) {
        return reason == null ? null : checked(reason);
    }

    private static String checked(Object reason) {
        if (!(reason instanceof String text)
                || text.isBlank()
                || text.length() > LONGEST
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)
                || text.chars().anyMatch(Character::isISOControl)) {
            throw malformed("'reason' is none: it says why");
        }
        return text;
    }

    private static RuntimeException malformed(String what) {
        return Problem.of(
                        ProblemType.MALFORMED_REQUEST,
                        what + " in 1 to " + LONGEST
                                + " visible characters, like \"restored from last night's backup\"")
                .exception();
    }
}
