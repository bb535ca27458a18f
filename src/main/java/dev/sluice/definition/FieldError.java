package dev.sluice.definition;

import java.util.Collection;
import java.util.List;

/**
 * What is wrong with one field of a definition.
 *
 * @param field its path, like {@code headers.Authorization} or {@code partitions[3]}; empty for the definition itself
 * @param message what was wrong and what was expected, to be read after the field
 * @param known the names that would have been possible, where an unknown one was given
 */
public record FieldError(String field, String message, List<String> known) {

    /** Makes the error of a field. */
    public static FieldError of(String field, String message) {
        return new FieldError(field, message, List.of());
    }

    /** Makes the error for a name that is none of {@code known}. */
    public static FieldError unknown(String field, String message, Collection<String> known) {
        return new FieldError(field, message, known.stream().sorted().toList());
    }

    /** Returns the same error of a field that lies below {@code parent}. */
    public FieldError below(String parent) {
        return new FieldError(
                field.isEmpty() || parent.isEmpty() ? parent + field : parent + "." + field, message, known);
    }
}
