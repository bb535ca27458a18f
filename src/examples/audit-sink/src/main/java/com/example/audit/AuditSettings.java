package com.example.audit;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of an audit sink, the keys below {@code sluice.sinks.<id>}.
 *
 * @param table the table's name, in the schema {@code public}; several sinks may share it
 * @param actorField the member of a record that tells who acted
 * @param actionField the member that tells what was done
 * @param timeField the member that tells when, like {@code 2026-11-22T17:29:11Z}
 */
record AuditSettings(
        @DefaultValue("audit") String table,
        @DefaultValue("actor") String actorField,
        @DefaultValue("action") String actionField,
        @DefaultValue("at") String timeField) {

    /* PostgreSQL cuts names after 63 bytes. What matches here needs no more than quotes to be safe in SQL. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");

    AuditSettings {
        if (!NAME.matcher(table).matches()) {
            throw new IllegalArgumentException("table: '" + table
                    + "' is not a name: 1 to 63 of A-Z, a-z, 0-9, '_', '-', beginning with a letter or '_'");
        }
    }

    String quotedTable() {
        return "public.\"" + table + '"';
    }
}
