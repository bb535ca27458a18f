package dev.sluice.table;

import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which names lead to the rows of a table, or to some of them. Thread-safe. */
final class TableKin {

    /* A row that is written to a partition is one of the whole table, and one that is written to a view is one of what
    the view shows; each of them in both directions. */
    private static final String KIN = """
            with recursive led (above, below) as (
                select inhparent, inhrelid from pg_inherits
                union
                select v.ev_class, d.refobjid
                  from pg_rewrite v join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = v.oid
                 where d.refclassid = 'pg_class'::regclass and d.refobjid <> v.ev_class
                   and v.ev_class >= 16384 and d.refobjid >= 16384),
            down (id) as (
                select to_regclass(?)::oid union select led.below from led join down on led.above = down.id),
            kin (id) as (
                select id from down union select led.above from led join kin on led.below = kin.id)
            select n.nspname as schema, c.relname as name
              from kin
              join pg_class c on c.oid = kin.id join pg_namespace n on n.oid = c.relnamespace
            """;

    private final JdbcClient jdbc;

    TableKin(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns its own name, those of the tables that it is a part of or has as parts, and of the views in between. */
    Set<TableName> of(TableName table) {
        Set<TableName> names = new HashSet<>(jdbc.sql(KIN)
                .params(table.quoted())
                .query((row, number) -> new TableName(row.getString("schema"), row.getString("name")))
                .list());
        names.add(table);
        return names;
    }
}
