package dev.sluice.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Why a request has no answer, in words that follow the target. */
final class Trouble {

    private Trouble() {}

    static String describe(@Nullable Throwable e) {
        if (caused(e, UnknownHostException.class)) {
            return "its host name is not known";
        }
        if (caused(e, ConnectException.class)) {
            return "it cannot be connected to";
        }
        if (e == null || (e instanceof NotSentException && e.getCause() == null)) {
            return e == null ? "it did not answer" : String.valueOf(e.getMessage());
        }
        Throwable first = e instanceof NotSentException && e.getCause() instanceof IOException ? e.getCause() : e;
        return "the connection failed with " + first.getClass().getSimpleName() + ": " + first.getMessage();
    }

    private static boolean caused(@Nullable Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
