package dev.sluice.commit;

/** What a batch is: something that is answered, or something that is to be written first. */
sealed interface Decided {

    /** Nothing is to be written. */
    record Settled(WriteOutcome outcome) implements Decided {}

    /** A part of it is new, or all. */
    record Fresh(NewPart part) implements Decided {}
}
