package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The target takes no request of this sink until somebody changes it or the definition. Nothing was written. */
final class UnfitTargetException extends SinkException {

    private static final long serialVersionUID = 1;

    UnfitTargetException(Disposition disposition, String message, @Nullable Duration retryAfter) {
        super(disposition, message, retryAfter, null);
    }
}
