package dev.sluice.admission;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;

/** What those are told who are not let in. */
final class Refusals {

    private Refusals() {}

    static Problem tooManyRequests(AdmissionProperties bounds, String sink, Shares requests) {
        return later(
                requests.full(1),
                requests.taken() + " requests are under way, " + requests.of(sink) + " of them for this sink"
                        + " (sluice.admission.max-requests=" + bounds.maxRequests()
                        + ", of which a sink gets no more than it leaves free)",
                sink);
    }

    static Problem tooManyBytes(AdmissionProperties bounds, String sink, long more, Shares bytes) {
        return later(
                bytes.full(more),
                "the bodies under way have " + bytes.taken() + " bytes, " + bytes.of(sink) + " of them for this sink"
                        + " (sluice.admission.max-bytes=" + bounds.maxBytes()
                        + ", of which a sink gets no more than it leaves free)",
                sink);
    }

    static Problem neverFits(AdmissionProperties bounds, String sink, long declared) {
        return Problem.of(
                        ProblemType.TOO_LARGE,
                        "the body has " + declared + " bytes, more than sluice.admission.max-bytes=" + bounds.maxBytes()
                                + "; nothing was written. Send smaller batches")
                .with("sink", sink);
    }

    static Problem tooSlow(AdmissionProperties bounds, long arrived) {
        return Problem.of(
                ProblemType.REQUEST_TIMEOUT,
                "the body comes more slowly than sluice.admission.slow-below=" + bounds.slowBelow() + " a second ("
                        + arrived + " bytes so far), and sluice.admission.max-slow=" + bounds.maxSlow()
                        + " others do so, too; nothing was written. Send smaller batches or faster");
    }

    /* One's own share that is used up is another thing than a service that has no room for anybody. */
    private static Problem later(boolean full, String why, String sink) {
        return Problem.of(
                        full ? ProblemType.OVERLOADED : ProblemType.BUSY,
                        why + "; nothing was written. Repeat the same request later")
                .with("sink", sink);
    }
}
