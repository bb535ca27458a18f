package dev.sluice.admission;

import dev.sluice.problem.Problem;

/** What becomes of a request at the door. */
public sealed interface Entry permits Place, Entry.Refused {

    /** There is no place now; the problem says why, and when to come back. */
    record Refused(Problem problem) implements Entry {

        @Override
        public Place orThrow() {
            throw problem.exception();
        }
    }

    /** Returns the place, or ends the request with the problem. */
    Place orThrow();
}
