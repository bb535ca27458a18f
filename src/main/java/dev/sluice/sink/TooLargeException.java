package dev.sluice.sink;

/**
 * The target takes no batch of this size, though it may take each of its records: nothing was written. The same records
 * in smaller batches may pass; none of them is to blame.
 */
public final class TooLargeException extends SinkException {

    private static final long serialVersionUID = 1;

    /** Makes one; the message says how large the batch is and what the target said. */
    public TooLargeException(String message) {
        super(Disposition.BROKEN, message, null);
    }
}
