package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Records into {@code (partition_id, source_offset, data)}, in the transaction that stores the snapshot. */
final class TableSink implements JointSink {

    private static final String COLUMNS = """
            select attname, format_type(atttypid, null)
              from pg_attribute
             where attrelid = to_regclass(?) and attnum > 0 and not attisdropped""";

    private static final String UNIQUE = """
            select exists (
                select from pg_index i
                 where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid and i.indpred is null
                   and i.indnkeyatts = 2
                   and (select array_agg(a.attname::text order by a.attname)
                          from pg_attribute a
                         where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]))
                       = array['partition_id', 'source_offset'])""";

    /* COPY knows neither, and must not go round them. */
    private static final String COPYABLE = """
            select not relhasrules and not row_security_active(oid) from pg_class where oid = to_regclass(?)""";

    /** Rows from which on COPY, which takes one round trip more, is faster. */
    private static final int COPY_FROM = 30;

    private final List<String> partitions;
    private final TableName table;
    private final TableStatements statements;
    private final CopyBuffers buffers;
    private final TableSinkProperties settings;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Consumer<TableSink> whenClosed;
    private volatile boolean copyable;

    TableSink(
            List<String> partitions,
            TableName table,
            TableSinkProperties settings,
            Engine engine,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            CopyBuffers buffers,
            Consumer<TableSink> whenClosed) {
        this.partitions = List.copyOf(partitions);
        this.table = table;
        this.statements = TableStatements.of(table, settings.dataType(), engine);
        this.buffers = buffers;
        this.settings = settings;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.whenClosed = whenClosed;
    }

    TableName table() {
        return table;
    }

    @Override
    public void prepare() {
        try {
            if (settings.createTable() && columns().isEmpty()) {
                transactions.executeWithoutResult(
                        transaction -> new TableCreation(jdbc, statements.engine()).create(table, settings.dataType()));
            }
        } catch (DataAccessException e) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " cannot be created: "
                            + e.getMostSpecificCause().getMessage(),
                    e);
        }
        verify();
    }

    @Override
    public void verify() {
        Map<String, String> columns;
        boolean unique;
        try {
            columns = columns();
            unique = jdbc.sql(UNIQUE).param(table.quoted()).query(Boolean.class).single();
            copyable = jdbc.sql(COPYABLE)
                    .param(table.quoted())
                    .query(Boolean.class)
                    .optional()
                    .orElse(false);
        } catch (DataAccessException e) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "the table " + table + " cannot be looked at: "
                            + e.getMostSpecificCause().getMessage(),
                    e);
        }
        if (columns.isEmpty()) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " does not exist; create it, or set create-table: true",
                    null);
        }
        requireColumn(columns, "partition_id", "text");
        requireColumn(columns, "source_offset", "bigint");
        requireColumn(columns, "data", settings.dataType().sql());
        if (!unique) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " has no unique key; run: alter table " + table.quoted()
                            + " add primary key (partition_id, source_offset)",
                    null);
        }
    }

    private Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        jdbc.sql(COLUMNS).param(table.quoted()).query(row -> {
            columns.put(row.getString(1), row.getString(2));
        });
        return columns;
    }

    private void requireColumn(Map<String, String> columns, String name, String type) {
        String found = columns.get(name);
        if (!type.equals(found)) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " needs a column " + name + " of type " + type + ", but "
                            + (found == null ? "has only " + columns.keySet() : "it is of type " + found),
                    null);
        }
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public JointWrite join(Connection transaction, long records) {
        return copyable && statements.engine().unfolds() && records >= COPY_FROM
                ? new CopyWrite(transaction, statements, buffers)
                : new InsertWrite(transaction, statements);
    }

    @Override
    public void check(SinkRecord record) {
        if (settings.dataType() == DataType.JSONB) {
            Optional<RejectedRecord> refused = JsonbCheck.check(record);
            if (refused.isPresent()) {
                throw SinkException.rejected(List.of(refused.get()));
            }
        }
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new TableSinkPartition(forPart, this, statements);
    }

    @Override
    public void close() {
        whenClosed.accept(this);
    }
}
