package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows in place of those of their keys, and keys whose rows go, in one statement. Of several of one key the last one
 * counts, by the equality of the key's types. Rows are locked and go in by the order of the key, so that two transactions
 * wait for each other in one direction.
 */
final class UpsertGroup implements RowGroup {

    private static final String LAST = """
            with r as materialized (
                select distinct on ({key}) {names}, {gone}
                  from (select {casts}, {gone}, {nth} from {rows}) as t ({names}, {gone}, {nth})
                 order by {key}, {nth} desc)""";

    private static final String WRITE = """
            w as (
                insert into {table} as x ({names}{soft}) select {names}{there} from r{locked} where not {gone} order by {key}
                on conflict ({key}) do update set {set}
                returning {kept})""";

    private static final String WRITTEN =
            " select (select count(*) from r where not {gone}) - (select count(*) from w)";

    /* All rows that are there are locked before any is touched. */
    private static final String LOCK = """
            l as materialized (
                select r.{gone} from {table} as x join r on {same} order by {ordered} for update of x)""";

    private static final String LOCKED = ", (select count(*) from l) as locked (rows)";
    private static final String GONE = " where r.{gone} and locked.rows >= 0 and {same} returning 1)";
    private static final String DELETE = "d as (delete from {table} as x using r" + LOCKED + GONE;
    private static final String MARK = "d as (update {table} as x set {marked} from r" + LOCKED + GONE;

    private static final String DELETED = " + (select count(*) from l where {gone}) - (select count(*) from d)";

    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private final TableName table;
    private final RowLayout layout;
    private final Mapping mapping;
    private final Optional<SoftDelete> softDelete;
    private final TextColumns rows;
    private boolean deletes;

    UpsertGroup(
            TableName table,
            RowLayout layout,
            Mapping mapping,
            List<Integer> columns,
            Optional<SoftDelete> softDelete) {
        this.table = table;
        this.layout = layout;
        this.mapping = mapping;
        this.softDelete = softDelete;
        this.rows = new TextColumns(mapping, columns, layout.positions());
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        deletes |= reader.change() == Change.DELETE;
        rows.add(partition, offset, reader);
        return true;
    }

    /** Returns the number of all rows if the table has kept one for each key, and none of those deleted; otherwise fewer. */
    @Override
    public long write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql("1", ""))) {
            rows.setAll(connection, statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return rows.rows() - row.getLong(1);
            }
        }
    }

    /** Writes the one row; returns it as JSON, null if it is deleted. */
    @Nullable
    String preview(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql("row_to_json(x.*)::text", ", (select min(kept) from w)"))) {
            rows.setAll(connection, statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(2);
            }
        }
    }

    private String sql(String kept, String more) {
        List<String> key = layout.key().stream().map(TableName::quote).toList();
        String nth = nameOfNone("nth");
        String gone = nameOfNone("gone");
        String template = deletes
                ? LAST + ", " + LOCK + ", " + WRITE + ", " + (softDelete.isPresent() ? MARK : DELETE) + WRITTEN
                        + DELETED
                : LAST + ", " + WRITE + WRITTEN;
        Map<String, String> parts = new HashMap<>();
        parts.put("locked", deletes ? LOCKED : "");
        parts.put("table", table.quoted());
        parts.put("key", String.join(", ", key));
        parts.put("ordered", key.stream().map("x."::concat).collect(Collectors.joining(", ")));
        parts.put("same", key.stream().map(name -> "x." + name + " = r." + name).collect(Collectors.joining(" and ")));
        parts.put("names", rows.nameList());
        parts.put("casts", rows.castList(gone));
        parts.put("rows", rows.from(gone, nth));
        parts.put("nth", nth);
        parts.put("gone", gone);
        parts.put("soft", softDelete.map(soft -> ", " + soft.column()).orElse(""));
        parts.put("there", softDelete.map(soft -> ", " + soft.there()).orElse(""));
        parts.put("set", set(key));
        parts.put("marked", marked());
        parts.put("kept", kept + " as kept");
        // In one pass: names of columns may look like anything.
        return PART.matcher(template + more)
                .replaceAll(part -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(part.group(1)))));
    }

    private String nameOfNone(String stem) {
        int number = 0;
        while (rows.names().contains(TableName.quote(stem + number))) {
            number++;
        }
        return TableName.quote(stem + number);
    }

    private String set(List<String> key) {
        List<String> set = new ArrayList<>();
        rows.names().stream()
                .filter(name -> !key.contains(name))
                .forEach(name -> set.add(name + " = excluded." + name));
        if (!layout.keeps()) {
            mapping.columns().stream()
                    .map(column -> TableName.quote(column.name()))
                    .filter(name -> !rows.names().contains(name))
                    .forEach(name -> set.add(name + " = default"));
        }
        softDelete.ifPresent(soft -> set.add(soft.column() + " = " + soft.there()));
        // A row of nothing but its key changes nothing, and is still locked and told of.
        return set.isEmpty() ? key.get(0) + " = excluded." + key.get(0) : String.join(", ", set);
    }

    /* What a row becomes that is deleted softly: it says where that was told, too. */
    private String marked() {
        List<String> set = new ArrayList<>();
        softDelete.ifPresent(soft -> set.add(soft.column() + " = " + soft.deleted()));
        if (layout.positions()) {
            set.add(RowLayout.PARTITION + " = r." + RowLayout.PARTITION);
            set.add(RowLayout.OFFSET + " = r." + RowLayout.OFFSET);
        }
        return String.join(", ", set);
    }
}
