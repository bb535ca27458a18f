package dev.sluice.control;

import java.util.Locale;

/** What can be paused. */
public enum Flow {
    /** What comes in: batches of writers, and what other sinks hand on. */
    INTAKE,
    /** What a buffer delivers. */
    DELIVERY;

    /** Returns the name that people use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
