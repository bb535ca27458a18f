package dev.sluice.table;

import dev.sluice.column.ColumnSource;
import dev.sluice.column.StringEncoding;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The form that a table must have to take the records of a sink. */
record TableForm(TableName table, RowLayout layout, Set<Shortcoming> accepted) {

    private static final Set<String> KEY = Set.of("partition_id", "source_offset");

    /** Throws a {@link SinkException} that says what is wrong, and the statement that mends it. */
    void require(TableLook look) {
        requireKind(look);
        requireColumns(look);
        requireRights(look);
        requireDefaults(look);
        if (layout.upserts()) {
            requireUpsertKey(look);
        } else if (layout.positions()) {
            requireKey(look);
        }
    }

    /** Throws for a partition of the table, of kind {@code relkind}, that would not keep rows. */
    void requirePartition(String partition, char kind) {
        Shortcoming shortcoming = kind == TableLook.FOREIGN ? Shortcoming.FOREIGN : Shortcoming.UNLOGGED;
        if (!accepted.contains(shortcoming)) {
            throw broken("has the partition " + partition + ", which " + shortcoming.told(partition));
        }
    }

    private void requireKind(TableLook look) {
        switch (look.kind()) {
            case TableLook.TABLE, TableLook.PARTITIONED -> {
                if (look.persistence() == TableLook.UNLOGGED) {
                    requireAccepted(Shortcoming.UNLOGGED);
                } else if (look.persistence() != TableLook.PERMANENT) {
                    throw broken("is temporary: it ends with the session that made it. Name a table that stays");
                }
            }
            case TableLook.VIEW -> {
                requireAccepted(Shortcoming.VIEW);
                requireInsertable(look, "view", "Give it a trigger INSTEAD OF INSERT, or name the table behind it");
            }
            case TableLook.FOREIGN -> {
                requireAccepted(Shortcoming.FOREIGN);
                requireInsertable(look, "foreign table", "Name a table of this database");
            }
            case 'm' -> throw broken("is a materialized view, which takes no rows. Name a table");
            default -> throw broken("is no table (pg_class.relkind " + look.kind() + "). Name a table");
        }
    }

    private void requireAccepted(Shortcoming shortcoming) {
        if (!accepted.contains(shortcoming)) {
            throw broken(shortcoming.told(table.quoted()));
        }
    }

    private void requireInsertable(TableLook look, String kind, String advice) {
        if (!look.insertable()) {
            throw broken("is a " + kind + " that takes no inserts. " + advice);
        }
    }

    private void requireColumns(TableLook look) {
        if (layout.positions()) {
            requireColumn(look, RowLayout.PARTITION, "text");
            requireColumn(look, RowLayout.OFFSET, "bigint");
        }
        if (layout.mapped()) {
            layout.columns().forEach((name, source) -> requireMapped(look, name, source));
            layout.leftOver().ifPresent(name -> requireJson(look, name));
            layout.softDelete().ifPresent(name -> requireSoftDelete(look, name));
        } else {
            requireColumn(look, RowLayout.DATA, layout.dataType().sql());
        }
    }

    private void requireMapped(TableLook look, String name, ColumnSource source) {
        TableColumn column = look.column(name)
                .orElseThrow(() -> broken("has no column " + name + ", which the definition fills from '"
                        + source.from() + "'. Run: alter table " + table.quoted() + " add column "
                        + TableName.quote(name) + " " + (source.type() == null ? "<type>" : source.type())
                        + "; or take it out of columns"));
        requireWritable(column);
        if (source.unit() != null && !column.columnType().counted()) {
            throw broken("has a column " + name + " of type " + column.type() + ", and its unit is for timestamps and"
                    + " dates. Take the unit out of columns." + name);
        }
        StringEncoding encoding = source.encoding();
        if (encoding != null && !column.columnType().takes(encoding)) {
            throw broken("has a column " + name + " of type " + column.type() + ", and its encoding is for "
                    + (encoding == StringEncoding.JSON ? "json and jsonb" : "bytea") + ". Take the encoding out of"
                    + " columns." + name);
        }
    }

    private void requireJson(TableLook look, String name) {
        TableColumn column = look.column(name).orElseThrow();
        if (!column.columnType().json()) {
            throw broken("has a column " + name + " of type " + column.type() + ", and what other-members puts into it"
                    + " is an object. Run: alter table " + table.quoted() + " alter column " + TableName.quote(name)
                    + " type jsonb using " + TableName.quote(name) + "::text::jsonb; or name another column");
        }
    }

    private void requireSoftDelete(TableLook look, String name) {
        TableColumn column = look.column(name)
                .orElseThrow(() -> broken("has no column " + name + ", which soft-delete names. Run: alter table "
                        + table.quoted() + " add column " + TableName.quote(name) + " timestamptz"));
        requireWritable(column);
        if (!SoftDelete.fits(column.columnType())) {
            throw broken("has a column " + name + " of type " + column.type() + ", and soft-delete needs one of type"
                    + " boolean, timestamptz or timestamp. Name another one, or change its type");
        }
    }

    private void requireWritable(TableColumn column) {
        if (column.special().equals("a")) {
            throw broken("has a column " + column.name()
                    + " that is GENERATED ALWAYS AS IDENTITY, and the sink has to write it."
                    + " Run: alter table " + table.quoted() + " alter column " + column.name() + " drop identity");
        }
        if (column.special().equals("s") || column.special().equals("v")) {
            throw broken("has a column " + column.name()
                    + " that is generated from others, and the sink has to write it. Run:"
                    + " alter table " + table.quoted() + " alter column " + column.name() + " drop expression");
        }
    }

    private void requireColumn(TableLook look, String name, String type) {
        Optional<TableColumn> found = look.column(name);
        if (found.isEmpty()) {
            throw broken("needs a column " + name + " of type " + type + ", and has none. Run: alter table "
                    + table.quoted() + " add column " + name + " " + type + " not null");
        }
        String is = found.get().type();
        if (is.equals(type)) {
            requireWritable(found.get());
            return;
        }
        throw broken("needs a column " + name + " of type " + type + ", but it is of type " + is + ". Run: alter table "
                + table.quoted() + " alter column " + name + " type " + type + " using " + name + "::" + type
                + (name.equals(RowLayout.DATA) ? "; or say the column's type by data-type" : ""));
    }

    private void requireRights(TableLook look) {
        List<String> missing = new ArrayList<>();
        if (!look.insert()) {
            missing.add("insert");
        }
        if (!look.select() && (layout.positions() || layout.upserts())) {
            missing.add("select");
        }
        if (!look.update() && layout.upserts()) {
            missing.add("update");
        }
        boolean takesBack = layout.positions() && !layout.upserts();
        boolean deletes = layout.changes().isPresent() && layout.softDelete().isEmpty();
        if (!look.delete() && (takesBack || deletes)) {
            missing.add("delete");
        }
        if (!missing.isEmpty()) {
            String rights = String.join(", ", missing);
            throw broken("does not let the role " + look.role() + " " + String.join(" and ", missing)
                    + (takesBack ? " (select and delete are for writers that resume)" : "") + ". Run: grant " + rights
                    + " on "
                    + table.quoted() + " to " + TableName.quote(look.role()));
        }
    }

    private void requireDefaults(TableLook look) {
        if (!look.required().isEmpty() && !look.triggersBefore()) {
            throw broken("has columns that are NOT NULL without a default and that this sink does not write: "
                    + String.join(", ", look.required()) + ". Run: alter table " + table.quoted() + " alter column "
                    + look.required().get(0)
                    + " drop not null (or … set default …)");
        }
    }

    private void requireKey(TableLook look) {
        if (look.kind() == TableLook.VIEW || look.kind() == TableLook.FOREIGN) {
            return; // they have no keys, and that is accepted with the rest
        }
        Set<String> columns = new TreeSet<>(KEY);
        columns.addAll(look.partitionColumns()); // PostgreSQL wants these in each key of a partitioned table
        if (!look.keys().contains(TableLook.key(KEY)) && !look.keys().contains(TableLook.key(columns))) {
            throw broken("has no unique key of " + String.join(", ", columns) + " that always holds. Run: alter table "
                    + table.quoted() + " add primary key (" + String.join(", ", columns) + ")");
        }
    }

    private void requireUpsertKey(TableLook look) {
        for (String name : layout.key()) {
            requireWritable(look.column(name)
                    .orElseThrow(() -> broken("has no column " + name + ", which the definition names in its key")));
        }
        if (look.kind() == TableLook.VIEW || look.kind() == TableLook.FOREIGN) {
            throw broken("is none that rows can be upserted into: that needs a unique key. Name a table");
        }
        if (!look.keys().contains(TableLook.key(layout.key()))) {
            String columns = layout.key().stream().map(TableName::quote).collect(Collectors.joining(", "));
            throw broken("has no unique key of " + String.join(", ", layout.key())
                    + " that always holds, which the definition names as its key. Run: alter table " + table.quoted()
                    + " add unique (" + columns + ")");
        }
    }

    private SinkException broken(String what) {
        return new SinkException(Disposition.BROKEN, "the table " + table + " " + what, null);
    }
}
