package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The temporary table that rows go to by COPY before they take the place of others. It is kept by the session, and empty
 * when a transaction begins. Each row has a number there, which rises over all that ever get one in this process: so rows
 * of one group are told from those that came before in the same transaction.
 */
final class Staging {

    private static final String TABLE = "sluice_upsert_";
    private static final String CREATE =
            "create temporary table if not exists {name} on commit delete rows as select {names}, false as {gone}, 0::bigint as"
                    + " {nth} from {table} with no data";

    /* More than there are records in as many bytes as are staged at once. */
    private static final long MOST_ROWS = 1 << 24;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final String name;
    private final String gone;
    private final String nth;
    private final String create;
    private final String names;
    private final Mapping mapping;
    private final long first;
    private long next;

    /** {@code mark} is that of the table: after it was altered, its rows are staged in another one. */
    Staging(TableName table, UpsertStatement statement, RowLayout layout, Mapping mapping, String mark) {
        this.mapping = mapping;
        this.names = String.join(", ", statement.names());
        // With all columns, so that rows which fill some of them only need no table of their own.
        List<Integer> columns =
                IntStream.range(0, mapping.columns().size()).boxed().toList();
        List<String> all = Copy.names(mapping, columns, layout.positions());
        this.gone = UpsertStatement.nameOfNone("gone", all);
        this.nth = UpsertStatement.nameOfNone("nth", all);
        long hash = 0;
        for (String part : List.of(table.quoted(), String.join(", ", all), mark)) {
            for (int i = 0; i < part.length(); i++) {
                hash = 1099511628211L * (hash ^ part.charAt(i));
            }
        }
        this.name = TableName.quote(TABLE + Long.toHexString(hash));
        this.create = CREATE.replace("{name}", name)
                .replace("{gone}", gone)
                .replace("{nth}", nth)
                .replace("{table}", table.quoted())
                .replace("{names}", String.join(", ", all));
        this.first = NUMBERS.getAndAdd(MOST_ROWS);
        this.next = first;
    }

    /** Returns the statement that makes it where the session has none. */
    String create() {
        return create;
    }

    String copyTo() {
        return "pg_temp." + name;
    }

    String gone() {
        return gone;
    }

    String nth() {
        return nth;
    }

    /** Returns the number of the next row. */
    long number() {
        return next++;
    }

    /** Returns how many rows have a number. */
    long rows() {
        return next - first;
    }

    /** Whether the row has a value for a column; of one that is gone the key alone is wanted. */
    boolean wants(int column, RowReader reader) {
        return reader.change() != Change.DELETE || mapping.inKey(column);
    }

    /** Returns where the statement finds the rows. */
    UpsertStatement.Source source() {
        String from = copyTo() + " where " + nth + " between " + first + " and " + (next - 1);
        return new UpsertStatement.Source(from, names, gone, nth);
    }
}
