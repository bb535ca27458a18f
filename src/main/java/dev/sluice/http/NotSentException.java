package dev.sluice.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An exchange failed before any byte of the request was sent. */
final class NotSentException extends IOException {

    private static final long serialVersionUID = 1;

    NotSentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
