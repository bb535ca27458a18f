package dev.sluice.balance;

/** Nobody waits for the answer any more. */
class AbandonedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AbandonedException(Exception cause) {
        super("the client is gone", cause);
    }
}
