package dev.sluice.table;

import dev.sluice.column.ColumnType;

/**
 * The column that says that a row is deleted.
 *
 * @param column quoted
 * @param deleted what it becomes then, in SQL; a time stays what it was
 * @param there what it is for all other rows
 */
record SoftDelete(String column, String deleted, String there) {

    /** Whether a column of this type can say it. */
    static boolean fits(ColumnType type) {
        return type.name().equals("boolean") || type.name().startsWith("timestamp");
    }

    static SoftDelete of(String name, ColumnType type) {
        String column = TableName.quote(name);
        return type.name().equals("boolean")
                ? new SoftDelete(column, "true", "false")
                : new SoftDelete(column, "coalesce(x." + column + ", now())", "null");
    }
}
