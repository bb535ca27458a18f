package dev.sluice.batch;

import org.jspecify.annotations.Nullable;

/** There is no room for another batch now; later there will be. */
public class SpoolFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SpoolFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
