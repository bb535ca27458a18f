package dev.sluice.catalog;

import dev.sluice.sink.LostTargetException;

/** A change of a definition that makes sense by itself, but not here and now. Nothing was changed. */
public class ChangeRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** There is no such sink. */
        UNKNOWN,
        /** It stands in the configuration. */
        READ_ONLY,
        /** Another sink is made of it, or something in it would be lost. */
        IN_USE,
        /** It has data that the new definition would leave behind. */
        CONFLICT
    }

    private final Reason reason;

    ChangeRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    ChangeRefusedException(Reason reason, LostTargetException lost) {
        super(String.valueOf(lost.getMessage()), lost);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
