package dev.sluice.table;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What PostgreSQL's catalogue says of a table: all that decides how records get into it and whether they stay there. Two
 * that are equal are of the same table in the same form.
 *
 * @param oid of the table
 * @param kind {@code pg_class.relkind}
 * @param persistence {@code pg_class.relpersistence}
 * @param file the number of its file, which TRUNCATE and whatever else writes the table anew change; 0 if it has none
 * @param insertable whether rows can be inserted at all, which not every view and foreign table takes
 * @param neverCounted whether nothing has counted its rows since it got its file
 * @param rules whether it has rules
 * @param rowSecurity whether row-level security holds for this role
 * @param columns those that a sink writes; all, where it takes them by their names
 * @param insert whether this role may insert into these columns
 * @param select whether it may read them
 * @param update whether it may update them
 * @param delete whether it may delete rows
 * @param temporary whether it may make temporary tables
 * @param required names of other columns that are NOT NULL and have no default
 * @param triggersBefore whether a trigger may fill in such columns
 * @param keys of each unique index that always holds, its columns in alphabetical order, as {@link #key} has them
 * @param partitionColumns the columns that a partitioned table is partitioned by
 * @param role this role
 * @param database OID of the database
 * @param snapshots OID of the table with the snapshots: with another one, OIDs of before mean nothing
 */
record TableLook(
        long oid,
        char kind,
        char persistence,
        long file,
        boolean insertable,
        boolean neverCounted,
        boolean rules,
        boolean rowSecurity,
        List<TableColumn> columns,
        boolean insert,
        boolean select,
        boolean update,
        boolean delete,
        boolean temporary,
        List<String> required,
        boolean triggersBefore,
        List<String> keys,
        List<String> partitionColumns,
        String role,
        long database,
        long snapshots) {

    static final char TABLE = 'r';
    static final char PARTITIONED = 'p';
    static final char FOREIGN = 'f';
    static final char VIEW = 'v';
    static final char PERMANENT = 'p';
    static final char UNLOGGED = 'u';

    private static final String LOOK = """
            select c.oid, c.relkind, c.relpersistence, c.relfilenode,
                   c.relkind not in ('v', 'f') or pg_relation_is_updatable(c.oid, true) & 8 = 8 as insertable,
                   c.reltuples < 0 as never_counted, c.relhasrules,
                   row_security_active(c.oid) as row_security, w.names, w.types, w.categories, w.specials, w.domains,
                   w.casts, w.exact,
                   w.insert, w.select, w.update,
                   has_table_privilege(c.oid, 'delete') as delete,
                   has_database_privilege(d.oid, 'temporary') as temporary,
                   array(select quote_ident(a.attname)
                           from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull
                            and not a.atthasdef and a.attidentity = ''
                            and a.attname <> all (?) and not ?
                          order by a.attnum) as required,
                   c.relhastriggers
                       and exists (select from pg_trigger t
                                    where t.tgrelid = c.oid and t.tgenabled <> 'D' and t.tgtype & 7 = 7) as before,
                   array(select k.columns
                           from pg_index i
                          cross join lateral (select string_agg(a.attname, ',' order by a.attname) as columns, count(*)
                                                from pg_attribute a
                                               where a.attrelid = i.indrelid
                                                 and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])) k
                          where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null
                            and k.count = i.indnkeyatts
                          order by 1) as keys,
                   array(select a.attname::text
                           from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid
                          where p.partrelid = c.oid and a.attnum = any (p.partattrs::int2[])
                          order by 1) as partitioned_by,
                   current_user as role, d.oid as database, to_regclass('sluice.snapshot')::oid as snapshots
              from pg_class c
              join pg_database d on d.datname = current_database()
             cross join lateral (select coalesce(array_agg(a.attname::text order by a.attnum), '{}') as names,
                                        coalesce(array_agg(format_type(a.atttypid, -1) order by a.attnum), '{}') as types,
                                        coalesce(array_agg(t.typcategory::text order by a.attnum), '{}') as categories,
                                        coalesce(array_agg(a.attidentity::text || a.attgenerated::text
                                                           order by a.attnum), '{}') as specials,
                                        coalesce(array_agg(case t.typtype when 'd' then 'd' else '' end
                                                           order by a.attnum), '{}') as domains,
                                        coalesce(array_agg(g.given order by a.attnum), '{}') as casts,
                                        coalesce(array_agg(
                                            case when t.typcategory in ('N', 'D') or t.typcategory = 'T' and t.typtype = 'd'
                                                 then '%s::' || format_type(a.atttypid, a.atttypmod)
                                                 else g.given end
                                            || case when a.attcollation <> 0
                                                         and (t.typtype = 'd' or a.attcollation <> t.typcollation)
                                                    then ' collate ' || a.attcollation::regcollation::text else '' end
                                            order by a.attnum), '{}') as exact,
                                        coalesce(bool_and(has_column_privilege(c.oid, a.attnum, 'insert')), true) as insert,
                                        coalesce(bool_and(has_column_privilege(c.oid, a.attnum, 'select')), true) as select,
                                        coalesce(bool_and(has_column_privilege(c.oid, a.attnum, 'update')), true) as update
                                   from pg_attribute a join pg_type t on t.oid = a.atttypid
                                  cross join lateral (
                                       select case when a.atttypid = 'interval'::regtype and a.atttypmod <> -1
                                                   then 'interval_in(%s::cstring, 0, ' || a.atttypmod || ')'
                                                   when t.typtype = 'd'
                                                   then '%s::' || (
                                                        with recursive base as (
                                                             select t.typtype, t.oid, t.typbasetype
                                                              union all
                                                             select b.typtype, b.oid, b.typbasetype
                                                               from base join pg_type b on b.oid = base.typbasetype
                                                              where base.typtype = 'd')
                                                        select format_type(oid, -1) from base where typtype <> 'd')
                                                   else '%s::' || format_type(a.atttypid, -1) end as given) g
                                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                                    and (a.attname = any (?) or ?)) w
             where c.oid = to_regclass(?)""";

    /*
     * Rises or changes with whatever changes the answer above, and costs a third of it: new versions of the rows of the
     * catalogue have newer transaction ids.
     */
    static final String MARK = """
            select concat_ws(' ', c.oid, c.xmin, c.relfilenode, row_security_active(c.oid),
                             (select concat(count(*), ',', sum(a.xmin::text::bigint))
                                from pg_attribute a where a.attrelid = c.oid and a.attnum > 0),
                             (select concat(count(*), ',', sum(i.xmin::text::bigint))
                                from pg_index i where i.indrelid = c.oid),
                             case when c.relhastriggers
                                  then (select concat(count(*), ',', sum(t.xmin::text::bigint))
                                          from pg_trigger t where t.tgrelid = c.oid) end,
                             to_regclass('sluice.snapshot')::oid)
              from pg_class c
             where c.oid = to_regclass(?)""";

    /* Only the table itself: its partitions, which may be many, are locked as rows come into them. */
    private static final String LOCK = "lock table only {table} in row exclusive mode; ";

    /** Returns what the catalogue says now; empty if there is no such table. */
    static Optional<TableLook> at(Connection connection, TableName table, RowLayout layout) throws SQLException {
        Array names = connection.createArrayOf("text", layout.written().toArray());
        boolean all = layout.byName();
        return query(connection, LOOK, List.of(names, all, names, all, table.quoted()), TableLook::read);
    }

    /**
     * Keeps the table as it is until the transaction ends, and returns a mark that is another one after whatever changes
     * what {@link #at} returns; empty if there is no such table. What changes nothing of it, such as an index that is
     * built concurrently, may go on.
     */
    static Optional<String> lock(Connection connection, TableName table) throws SQLException {
        String sql = LOCK.replace("{table}", table.quoted()) + MARK;
        return query(connection, sql, List.of(table.quoted()), row -> row.getString(1));
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> Optional<T> query(
            Connection connection, String sql, List<Object> parameters, RowReader<T> reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            boolean rows = statement.execute();
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? Optional.of(reader.read(row)) : Optional.empty();
            }
        }
    }

    private static TableLook read(ResultSet row) throws SQLException {
        return new TableLook(
                row.getLong("oid"),
                row.getString("relkind").charAt(0),
                row.getString("relpersistence").charAt(0),
                row.getLong("relfilenode"),
                row.getBoolean("insertable"),
                row.getBoolean("never_counted"),
                row.getBoolean("relhasrules"),
                row.getBoolean("row_security"),
                columns(row),
                row.getBoolean("insert"),
                row.getBoolean("select"),
                row.getBoolean("update"),
                row.getBoolean("delete"),
                row.getBoolean("temporary"),
                strings(row, "required"),
                row.getBoolean("before"),
                strings(row, "keys"),
                strings(row, "partitioned_by"),
                row.getString("role"),
                row.getLong("database"),
                row.getLong("snapshots"));
    }

    private static List<TableColumn> columns(ResultSet row) throws SQLException {
        List<String> names = strings(row, "names");
        List<String> types = strings(row, "types");
        List<String> categories = strings(row, "categories");
        List<String> specials = strings(row, "specials");
        List<String> domains = strings(row, "domains");
        List<String> casts = strings(row, "casts");
        List<String> exact = strings(row, "exact");
        return IntStream.range(0, names.size())
                .mapToObj(i -> new TableColumn(
                        names.get(i),
                        types.get(i),
                        categories.get(i).charAt(0),
                        specials.get(i),
                        !domains.get(i).isEmpty(),
                        casts.get(i),
                        exact.get(i)))
                .toList();
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }

    /** Returns what {@link #keys} has for a key of these columns. */
    static String key(Collection<String> columns) {
        return columns.stream().sorted().collect(Collectors.joining(","));
    }

    /** Returns one of the columns that a sink writes; empty if the table has none of that name. */
    Optional<TableColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** Whether a mark that is the same says that this is the same: what a view shows stands elsewhere. */
    boolean marked() {
        return kind == TABLE || kind == PARTITIONED;
    }

    /** Whether rows go to partitions of the table. */
    boolean partitioned() {
        return kind == PARTITIONED;
    }

    /** Whether COPY writes what INSERT would: it knows neither rules nor row-level security, nor other kinds of tables. */
    boolean copyable() {
        return marked() && !rules && !rowSecurity;
    }

    TableIdentity identity(TableName name) {
        return new TableIdentity(name.toString(), oid, file, database, snapshots);
    }
}
