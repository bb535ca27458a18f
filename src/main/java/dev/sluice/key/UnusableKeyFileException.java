package dev.sluice.key;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The service does not start without the key that its configuration names. */
final class UnusableKeyFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableKeyFileException(Path file, String what, @Nullable Exception cause) {
        super(
                "the file of the administrator's key, " + file.toAbsolutePath() + " (sluice.keys.administrator-file), "
                        + what,
                cause);
    }
}
