package dev.sluice.http;

import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A host has no address that a sink may connect to. */
final class RefusedAddressException extends UnknownHostException {

    private static final long serialVersionUID = 1;

    RefusedAddressException(String message) {
        super(message);
    }

    /** Returns the first one among an exception and its causes, null if there is none. */
    static @Nullable RefusedAddressException in(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedAddressException refused) {
                return refused;
            }
        }
        return null;
    }
}
