package dev.sluice.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be granted. None includes another one. */
public enum Verb {
    /** Batches, open and close. */
    WRITE,
    /** Definitions, snapshots, receipts, counts and states; no records. */
    READ,
    /** Records themselves: dead letters, tails. */
    RECORDS,
    /** Putting and deleting definitions. */
    DEFINE,
    /** Pausing, resetting, taking over; what becomes of dead letters. */
    OPERATE,
    /** Keys and the trail of audit, of the service as a whole. */
    ADMIN;

    /** Returns the name that people use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the verb of that name. */
    public static Optional<Verb> of(String label) {
        return Arrays.stream(values())
                .filter(verb -> verb.label().equals(label))
                .findFirst();
    }

    /** Returns the names of all of them. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Verb::label).toList();
    }
}
