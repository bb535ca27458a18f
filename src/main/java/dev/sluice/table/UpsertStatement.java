package dev.sluice.table;

import dev.sluice.column.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statement that puts rows in the place of those of their keys, and takes those away that are gone. Of several of one
 * key the last one counts, by the equality of the key's types. Rows are locked and go in by the order of the key, so that
 * two transactions wait for each other in one direction. It selects how many rows the table has not kept, or not let go.
 */
final class UpsertStatement {

    /**
     * Where the rows come from.
     *
     * @param from what stands behind "from"; it has the columns of {@code selected}
     * @param selected an expression for each column that is written
     * @param gone the column that says whether a row is gone
     * @param nth the column that says which of several of a key is the last one
     */
    record Source(String from, String selected, String gone, String nth) {}

    private static final String LAST = """
            with r as materialized (
                select distinct on ({key}) {names}, {gone}{went}
                  from (select {casts}, {gone}, {nth} from {rows}) as t ({names}, {gone}, {nth})
                 order by {key}, {nth} desc)""";

    private static final String WENT = ", bool_or({gone}) over (partition by {key}) as {was}";

    private static final String WRITE = """
            w as (
                insert into {table} as x ({names}{soft}) select {names}{there} from r{done} where not {gone} order by {key}
                on conflict ({key}) do update set {set}
                returning {kept})""";

    private static final String WRITTEN =
            " select (select count(*) from r where not {gone}) - (select count(*) from w)";

    /* All rows that are there are locked before any is touched. */
    private static final String LOCK = """
            l as materialized (
                select r.{away} from {table} as x join r on {same} order by {ordered} for update of x)""";

    private static final String LOCKED = ", (select count(*) as {count} from l) as locked";
    private static final String GONE = " where r.{away} and locked.{count} >= 0 and {same} returning 1)";
    private static final String DELETE = "d as (delete from {table} as x using r" + LOCKED + GONE;
    private static final String MARK = "d as (update {table} as x set {marked} from r" + LOCKED + GONE;

    /* Rows go before others come: they may hold what those bring, their own keys among it. */
    private static final String DONE = ", (select count(*) as {count} from d) as done";

    private static final String DELETED = " + (select count(*) from l where {away}) - (select count(*) from d)";

    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private final TableName table;
    private final RowLayout layout;
    private final Mapping mapping;
    private final Optional<SoftDelete> softDelete;
    private final List<String> names;

    /** {@code columns} are the places in the mapping of those that are written. */
    UpsertStatement(
            TableName table,
            RowLayout layout,
            Mapping mapping,
            List<Integer> columns,
            Optional<SoftDelete> softDelete) {
        this.table = table;
        this.layout = layout;
        this.mapping = mapping;
        this.softDelete = softDelete;
        this.names = Copy.names(mapping, columns, layout.positions());
    }

    /** Returns the columns that are written, quoted. */
    List<String> names() {
        return names;
    }

    /** Returns a name, quoted, that none of these columns has. */
    String nameOfNone(String stem) {
        return nameOfNone(stem, names);
    }

    /** The same for other columns. */
    static String nameOfNone(String stem, List<String> columns) {
        int number = 0;
        while (columns.contains(TableName.quote(stem + number))) {
            number++;
        }
        return TableName.quote(stem + number);
    }

    /** Returns the statement; {@code deletes} is whether any of the rows may be gone. */
    String sql(Source source, boolean deletes) {
        return sql(source, deletes, "1", "");
    }

    /** Returns the statement for one row, which selects that as JSON, too. */
    String preview(Source source) {
        return sql(source, true, "row_to_json(x.*)::text", ", (select min(kept) from w)");
    }

    /** Returns the statement that writes one row, whose values are a list in SQL. */
    String one(String values) {
        List<String> key = layout.key().stream().map(TableName::quote).toList();
        return "insert into " + table.quoted() + " as x (" + String.join(", ", names)
                + softDelete.map(soft -> ", " + soft.column()).orElse("") + ") values (" + values
                + softDelete.map(soft -> ", " + soft.there()).orElse("") + ") on conflict (" + String.join(", ", key)
                + ") do update set " + set(key);
    }

    private String sql(Source source, boolean deletes, String kept, String more) {
        List<String> key = layout.key().stream().map(TableName::quote).toList();
        String template = deletes
                ? LAST + ", " + LOCK + ", " + (softDelete.isPresent() ? MARK : DELETE) + ", " + WRITE + WRITTEN
                        + DELETED
                : LAST + ", " + WRITE + WRITTEN;
        String was = nameOfNone("was");
        String count = nameOfNone("count");
        Map<String, String> parts = new HashMap<>();
        parts.put(
                "went",
                deletes ? filled(WENT, Map.of("gone", source.gone(), "key", String.join(", ", key), "was", was)) : "");
        parts.put("done", deletes ? filled(DONE, Map.of("count", count)) : "");
        // A row that went in between comes back without what it had; one that is only marked keeps it.
        parts.put("away", softDelete.isPresent() ? source.gone() : was);
        parts.put("count", count);
        parts.put("table", table.quoted());
        parts.put("key", String.join(", ", key));
        parts.put("ordered", key.stream().map("x."::concat).collect(Collectors.joining(", ")));
        parts.put("same", key.stream().map(name -> "x." + name + " = r." + name).collect(Collectors.joining(" and ")));
        parts.put("names", String.join(", ", names));
        parts.put("casts", source.selected());
        parts.put("rows", source.from());
        parts.put("nth", source.nth());
        parts.put("gone", source.gone());
        parts.put("soft", softDelete.map(soft -> ", " + soft.column()).orElse(""));
        parts.put("there", softDelete.map(soft -> ", " + soft.there()).orElse(""));
        parts.put("set", set(key));
        parts.put("marked", marked());
        parts.put("kept", kept + " as kept");
        return filled(template + more, parts);
    }

    /* In one pass: names of columns may look like anything. */
    private static String filled(String template, Map<String, String> parts) {
        return PART.matcher(template)
                .replaceAll(part -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(part.group(1)))));
    }

    private String set(List<String> key) {
        List<String> set = new ArrayList<>();
        names.stream().filter(name -> !key.contains(name)).forEach(name -> set.add(name + " = excluded." + name));
        if (!layout.keeps()) {
            mapping.columns().stream()
                    .map(column -> TableName.quote(column.name()))
                    .filter(name -> !names.contains(name))
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
