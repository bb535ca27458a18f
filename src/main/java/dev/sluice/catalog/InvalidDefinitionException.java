package dev.sluice.catalog;

import dev.sluice.definition.FieldError;
import java.util.List;
import java.util.stream.Collectors;

/** Definitions or settings that make no sense; the message names each field with what is wrong about it. */
public class InvalidDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<FieldError> errors;

    /** Makes one of everything that was found. */
    public InvalidDefinitionException(List<FieldError> errors) {
        super(errors.stream().map(InvalidDefinitionException::line).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    InvalidDefinitionException(String field, String message) {
        this(List.of(FieldError.of(field, message)));
    }

    /** Returns everything that is wrong. */
    public List<FieldError> errors() {
        return errors;
    }

    /** Returns the message of an error together with what may have been meant. */
    public static String text(FieldError error) {
        return error.known().isEmpty()
                ? error.message()
                : error.message() + NearestNames.hint(lastName(error.field()), error.known()) + "; known are "
                        + String.join(", ", error.known());
    }

    /** Returns the known names that an unknown one is closest to. */
    public static List<String> nearest(FieldError error) {
        return NearestNames.of(lastName(error.field()), error.known());
    }

    private static String line(FieldError error) {
        return error.field().isEmpty() ? text(error) : error.field() + ": " + text(error);
    }

    private static String lastName(String field) {
        return field.substring(field.lastIndexOf('.') + 1);
    }
}
