package dev.sluice.audit;

import org.jspecify.annotations.Nullable;

/**
 * What somebody has done. {@code request}, {@code before} and {@code after} are whatever Jackson writes as JSON; nothing
 * in them may be secret.
 *
 * @param action its name, like {@code definition-put}
 * @param sink null where it is about the service as a whole
 * @param partition null where it is about the sink as a whole
 * @param request what was asked for
 * @param before what it has changed, as it was
 * @param after the same, as it is now
 * @param reason in the words of whoever did it
 */
public record Act(
        String action,
        @Nullable String sink,
        @Nullable String partition,
        @Nullable Object request,
        @Nullable Object before,
        @Nullable Object after,
        @Nullable String reason) {}
