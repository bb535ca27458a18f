package dev.sluice.problem;

/** Ends a request with a problem. */
public class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        // An expected outcome on its way out: the stack trace would tell nobody anything.
        super(String.valueOf(problem.members().get("detail")), null, true, false);
        this.problem = problem;
    }

    /** Returns the problem. */
    public Problem problem() {
        return problem;
    }
}
