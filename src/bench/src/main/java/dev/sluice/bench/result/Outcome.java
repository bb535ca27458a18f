package dev.sluice.bench.result;

/**
 * A question, and its answer or why there is none.
 *
 * @param answer null where there is none
 * @param failure empty where there is an answer
 * @param asked false where something is missing here that the question needs
 * @param seconds how long it took
 */
public record Outcome(
        String name, String title, String goal, Answer answer, String failure, boolean asked, double seconds) {

    public boolean failed() {
        return asked && answer == null;
    }
}
