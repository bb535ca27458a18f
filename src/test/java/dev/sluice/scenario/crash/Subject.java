package dev.sluice.scenario.crash;

import java.util.List;

/**
 * A sink that is written to while the service is killed. Names end in the kind of target.
 *
 * @param targets the sinks that its records end up in, itself included if it is one
 * @param anyOrder whether it takes offsets in any order
 * @param recut whether a writer that repeats may cut its batches otherwise, and still no target gets a record twice
 */
record Subject(String sink, List<String> targets, boolean anyOrder, boolean recut) {

    static final Subject ROWS = new Subject("rows", List.of("rows"), false, true);
    static final Subject FILES = new Subject("files", List.of("files"), false, true);
    static final Subject SEGMENTS = new Subject("segments", List.of("segments"), false, true);
    static final Subject HONEST = new Subject("honest", List.of("honest"), false, false);
    static final Subject CARELESS = new Subject("careless", List.of("careless"), false, false);
    static final Subject TO_ROWS = new Subject("to-rows", List.of("late-rows"), false, true);
    static final Subject TO_FILES = new Subject("to-files", List.of("late-files"), false, true);
    static final Subject TO_CARELESS = new Subject("to-careless", List.of("late-careless"), false, true);
    static final Subject FAN = new Subject("fan", List.of("child-rows", "child-files", "child-honest"), false, false);
    static final Subject ANY_ROWS = new Subject("any-rows", List.of("any-rows"), true, true);
    static final Subject ANY_FILES = new Subject("any-files", List.of("any-files"), true, true);

    static final Subject LETTER_ROWS = new Subject("letter-rows", List.of("letter-rows"), false, true);
    static final Subject LETTER_HONEST = new Subject("letter-honest", List.of("letter-honest"), false, false);

    /** Whether its target refuses some records, which become dead letters. */
    boolean settles() {
        return sink.startsWith("letter-");
    }

    /** Whether its records are accepted first and delivered later. */
    boolean buffers() {
        return sink.startsWith("to-");
    }
}
