package dev.sluice.bench.kafka;

/** The peer does not do what the measurement needs; the message is for whoever ran it. */
final class PeerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PeerException(String message) {
        super(message);
    }

    PeerException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
