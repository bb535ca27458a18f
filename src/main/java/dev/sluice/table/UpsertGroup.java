package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in place of those of their keys, in one statement. Of several rows of one key the last one counts, by the equality
 * of the key's types; rows go in by the order of the key, so that two transactions wait for each other in one direction.
 */
final class UpsertGroup implements RowGroup {

    private static final String UPSERT = """
            with r as (
                select distinct on ({key}) {names}
                  from (select {casts}, {nth} from {rows}) as t ({names}, {nth})
                 order by {key}, {nth} desc),
            w as (
                insert into {table} ({names}) select {names} from r order by {key}
                on conflict ({key}) do update set {set}
                returning 1)
            select (select count(*) from r) as keys, (select count(*) from w) as kept""";

    private final String sql;
    private final TextColumns rows;

    UpsertGroup(TableName table, RowLayout layout, Mapping mapping, List<Integer> columns) {
        this.rows = new TextColumns(mapping, columns, layout.positions());
        List<String> key = layout.key().stream().map(TableName::quote).toList();
        String nth = nameOfNone(rows.names());
        this.sql = UPSERT.replace("{table}", table.quoted())
                .replace("{key}", String.join(", ", key))
                .replace("{names}", rows.nameList())
                .replace("{casts}", rows.castList())
                .replace("{rows}", rows.from(" with ordinality", ", " + nth))
                .replace("{nth}", nth)
                .replace("{set}", set(key, layout, mapping, rows.names()));
    }

    private static String nameOfNone(List<String> names) {
        int number = 0;
        while (names.contains(TableName.quote("nth" + number))) {
            number++;
        }
        return TableName.quote("nth" + number);
    }

    private static String set(List<String> key, RowLayout layout, Mapping mapping, List<String> written) {
        List<String> set = new ArrayList<>();
        written.stream().filter(name -> !key.contains(name)).forEach(name -> set.add(name + " = excluded." + name));
        if (!layout.keeps()) {
            mapping.columns().stream()
                    .map(column -> TableName.quote(column.name()))
                    .filter(name -> !written.contains(name))
                    .forEach(name -> set.add(name + " = default"));
        }
        // A row of nothing but its key changes nothing, and is still locked and told of.
        return set.isEmpty() ? key.get(0) + " = excluded." + key.get(0) : String.join(", ", set);
    }

    @Override
    public void add(String partition, long offset, RowReader reader) {
        rows.add(partition, offset, reader);
    }

    /** Returns the number of all rows if the table has kept one for each key, otherwise fewer. */
    @Override
    public long write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            rows.set(connection, statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return rows.rows() - (row.getLong("keys") - row.getLong("kept"));
            }
        }
    }
}
