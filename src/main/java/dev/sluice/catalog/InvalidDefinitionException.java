package dev.sluice.catalog;

import org.jspecify.annotations.Nullable;

/** A definition or setting that makes no sense; the message names the property. */
class InvalidDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String property;

    InvalidDefinitionException(String property, String reason, @Nullable Throwable cause) {
        super(property + ": " + reason, cause);
        this.property = property;
    }

    String property() {
        return property;
    }
}
