package dev.sluice.column;

import org.jspecify.annotations.Nullable;

/** A value that cannot be one of its column's, whatever PostgreSQL would make of it. */
final class MisfitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final @Nullable String hint;

    MisfitException(String code, String message, @Nullable String hint) {
        super(message, null, false, false);
        this.code = code;
        this.hint = hint;
    }

    String code() {
        return code;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
