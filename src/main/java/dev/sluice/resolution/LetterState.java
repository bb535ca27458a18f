package dev.sluice.resolution;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What has become of a dead letter. */
enum LetterState {
    /** Somebody has to decide. */
    OPEN,
    /** On its way to a target outside the database; whether it has arrived is not known yet. */
    SENDING,
    /** Written to the target after all. */
    REPLAYED,
    /** Given up, with a reason. */
    DISCARDED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<LetterState> of(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst();
    }
}
