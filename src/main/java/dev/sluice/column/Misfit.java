package dev.sluice.column;

import org.jspecify.annotations.Nullable;

/**
 * Why a record makes no row.
 *
 * @param field the column or the member that it is about; null for the record itself
 * @param code an SQLSTATE
 */
record Misfit(
        @Nullable String field,
        String code,
        String message,
        @Nullable String hint) {

    static Misfit of(MappedColumn column, MisfitException e) {
        return new Misfit(column.name(), e.code(), String.valueOf(e.getMessage()), e.hint());
    }
}
