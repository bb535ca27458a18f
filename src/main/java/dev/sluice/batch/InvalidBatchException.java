package dev.sluice.batch;

/** The offsets of a batch contradict themselves or its range. */
public class InvalidBatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long index;

    InvalidBatchException(String message, long index) {
        super(message);
        this.index = index;
    }

    /** Returns which record is at fault, counted from 0; −1 if it is the batch as a whole. */
    public long index() {
        return index;
    }
}
