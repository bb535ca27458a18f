package dev.sluice.fuzz;

import dev.sluice.problem.ProblemException;

/** What a parser may do with bytes that are none of its own: refuse them, and say that it is they who are to blame. */
public final class Refusal {

    private static final int OURS = 500;

    private Refusal() {}

    /** Something that parses. */
    @FunctionalInterface
    public interface Parsing<T> {
        T parse() throws Exception;
    }

    /** Returns what was parsed, null if it was refused; throws whatever else came of it. */
    public static <T> T orNull(Parsing<T> parsing) {
        try {
            return parsing.parse();
        } catch (ProblemException e) {
            if (e.problem().type().status() >= OURS) {
                throw e;
            }
            return null;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails where what has to hold does not. */
    public static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
