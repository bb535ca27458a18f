package dev.sluice.sink;

/**
 * The target may have taken some of the records, or all, and repeating the batch would not tell: somebody has to look at
 * it.
 */
public final class DoubtfulWriteException extends SinkException {

    private static final long serialVersionUID = 1;

    /** Makes one; the message says what the target answered. */
    public DoubtfulWriteException(String message) {
        super(Disposition.BROKEN, message, null);
    }
}
