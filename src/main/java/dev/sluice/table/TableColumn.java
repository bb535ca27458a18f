package dev.sluice.table;

import dev.sluice.column.ColumnType;

/**
 * A column as the catalogue has it.
 *
 * @param type without what is in brackets behind it
 * @param category {@code pg_type.typcategory}
 * @param special "a" or "d" for the kind of identity, "s" or "v" for the kind of generation, otherwise empty
 * @param domain whether the type is a domain
 * @param exact the type with the precision that values are rounded to, and the column's own collation: two values that
 *     are equal so are one key
 */
record TableColumn(String name, String type, char category, String special, boolean domain, String exact) {

    /** Whether rows may say what it has. */
    boolean writable() {
        return special.isEmpty() || special.equals("d");
    }

    ColumnType columnType() {
        return new ColumnType(type, category, domain, exact);
    }
}
