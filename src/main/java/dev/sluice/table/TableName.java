package dev.sluice.table;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** The name of a table, with or without its schema; the one place where identifiers are checked and quoted. */
record TableName(String schema, String table) {

    /* PostgreSQL cuts longer names silently: two tables could become one. */
    private static final int MOST_BYTES = 63;

    private static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    private static final Set<String> NOT_FOR_RECORDS = Set.of("sluice", "information_schema");

    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$-]*");

    static TableName parse(String name) {
        int dot = name.indexOf('.');
        TableName parsed = dot < 0
                ? new TableName("public", checked(name))
                : new TableName(checked(name.substring(0, dot)), checked(name.substring(dot + 1)));
        if (NOT_FOR_RECORDS.contains(parsed.schema) || parsed.schema.startsWith("pg_")) {
            throw new IllegalArgumentException("table: the schema '" + parsed.schema + "' is not for records");
        }
        return parsed;
    }

    private static String checked(String identifier) {
        if (!IDENTIFIER.matcher(identifier).matches()) {
            throw new IllegalArgumentException("table: '" + identifier
                    + "' is not a name: it begins with a letter or '_' and goes on with letters, digits, '_', '$', '-'"
                    + " (write schema.table to name the schema)");
        }
        int bytes = identifier.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("table: '" + identifier + "' has " + bytes
                    + " bytes, PostgreSQL keeps only the first " + MOST_BYTES);
        }
        return identifier;
    }

    /** Whether a column of this name can be made, and PostgreSQL keeps the name as it is. */
    static boolean possible(String column) {
        return !column.isEmpty()
                && !SYSTEM_COLUMNS.contains(column)
                && column.indexOf(0) < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(column)
                && column.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    /** Returns the name for use in SQL. */
    String quoted() {
        return quote(schema) + "." + quote(table);
    }

    /** Quotes any identifier. */
    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
