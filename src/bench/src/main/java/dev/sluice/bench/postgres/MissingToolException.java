package dev.sluice.bench.postgres;

/** A question cannot be asked here: its competitor is not installed. */
public final class MissingToolException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public MissingToolException(String message) {
        super(message);
    }
}
