package dev.sluice.quota;

import dev.sluice.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request, by the quotas of its sender: it holds what it was given until it is closed, or is refused.
 * Of one thread.
 */
public final class Pass implements AutoCloseable {

    private final @Nullable Allowance allowance;
    private final long announced;
    private final boolean countsBytes;
    private final @Nullable Problem refusal;
    private long arrived;

    private Pass(@Nullable Allowance allowance, long announced, boolean countsBytes, @Nullable Problem refusal) {
        this.allowance = allowance;
        this.announced = announced;
        this.countsBytes = countsBytes;
        this.refusal = refusal;
    }

    static Pass refused(Problem refusal) {
        return new Pass(null, 0, false, refusal);
    }

    static Pass given(Allowance allowance, long announced, boolean countsBytes) {
        return new Pass(allowance, announced, countsBytes, null);
    }

    /** Returns why the request is refused, null if it is not. */
    public @Nullable Problem refusal() {
        return refusal;
    }

    /** Returns the request, whose body is counted as it comes if there is a quota for it. */
    public HttpServletRequest counted(HttpServletRequest request) {
        return countsBytes ? new CountedRequest(request, this) : request;
    }

    /* What was announced has been taken already. */
    void count(int bytes) {
        long before = Math.max(arrived, announced);
        arrived += bytes;
        if (allowance != null && arrived > before) {
            allowance.charge(arrived - before);
        }
    }

    @Override
    public void close() {
        if (allowance != null) {
            if (countsBytes) {
                allowance.charge(-Math.max(0, announced - arrived));
            }
            allowance.leave();
        }
    }
}
