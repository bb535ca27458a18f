package dev.sluice.table;

import dev.sluice.column.ColumnType;

/**
 * A column as the catalogue has it.
 *
 * @param type without what is in brackets behind it
 * @param category {@code pg_type.typcategory}
 * @param special "a" or "d" for the kind of identity, "s" or "v" for the kind of generation, otherwise empty
 * @param domain whether the type is a domain
 * @param cast what makes a value of a text in place of "%s"; see {@link ColumnType#cast}
 * @param exact the same for a key; see {@link ColumnType#exact}
 */
record TableColumn(String name, String type, char category, String special, boolean domain, String cast, String exact) {

    /** Whether rows may say what it has. */
    boolean writable() {
        return special.isEmpty() || special.equals("d");
    }

    ColumnType columnType() {
        return new ColumnType(type, category, domain, cast, exact);
    }
}
