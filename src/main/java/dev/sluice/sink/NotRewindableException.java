package dev.sluice.sink;

/** A {@link RewindablePartition} cannot go back as far as it was asked to; nothing was changed. */
public final class NotRewindableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Makes the exception; the message says how far back it could go. */
    public NotRewindableException(String message) {
        super(message);
    }
}
