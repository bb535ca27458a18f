package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.NewColumns;
import dev.sluice.column.RowReader;
import dev.sluice.column.Tombstones;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.LastLook;
import dev.sluice.sink.ReadableRows;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.RecordPreview;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SiftingWrite;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.table.TableTarget.Known;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Records into a table, as a whole or into columns of the user's own, in the transaction that stores the snapshot. */
final class TableSink implements JointSink, RecordPreview, ReadableSink, ReadableRows {

    private static final Logger log = LoggerFactory.getLogger(TableSink.class);

    /** Rows from which on COPY, which takes one round trip more, is faster. */
    private static final int COPY_FROM = 30;

    /** Rows from which on those that replace others go through a temporary table, which takes two round trips more. */
    private static final int STAGE_FROM = 500;

    /** For how long records are checked on arrival after one was refused: its writer may repeat it again and again. */
    private static final Duration CHECKED_FOR = Duration.ofMinutes(1);

    private final List<String> partitions;
    private final TableName table;
    private final RowLayout layout;
    private final TableStatements statements;
    private final TableTarget target;
    private final CopyBuffers buffers;
    private final TableSinkProperties settings;
    private final TableDatabase database;
    private final Consumer<TableSink> whenClosed;
    private final ColumnAddition additions;
    private final TableRows rows;
    private volatile long checkedUntil = System.nanoTime();

    TableSink(
            List<String> partitions,
            TableName table,
            TableSinkProperties settings,
            TableDatabase database,
            CopyBuffers buffers,
            Consumer<Map<String, String>> whenAdded,
            Consumer<TableSink> whenClosed) {
        this.partitions = List.copyOf(partitions);
        this.table = table;
        this.layout = new RowLayout(settings);
        this.statements = TableStatements.of(table, layout, database.engine(), database.locks(), database.rights());
        this.target = new TableTarget(table, settings, layout, database.engine(), statements, partitions);
        this.buffers = buffers;
        this.settings = settings;
        this.database = database;
        this.whenClosed = whenClosed;
        this.rows = new TableRows(table, layout, statements);
        this.additions = new ColumnAddition(table, database, layout.mostNewColumns(), whenAdded);
    }

    /** Rows are found by their offsets where these are the key: not by a scan, every second, of a large table. */
    @Override
    public boolean readable() {
        return settings.mode() == WriteMode.APPEND
                && settings.position() == Position.COLUMNS
                && settings.accept().isEmpty()
                && database.engine().unfolds();
    }

    @Override
    public List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
        return new TableReader(database.jdbc(), table, layout).read(partition, positions, end, most);
    }

    TableName table() {
        return table;
    }

    @Override
    public void prepare() {
        try {
            if (settings.createTable()) {
                database.create(table, layout);
            }
        } catch (DataAccessException e) {
            throw cannot("be created", e);
        }
        look(target::adopt);
    }

    @Override
    public void recognise(Optional<String> known) {
        Optional<TableIdentity> expected = known.flatMap(TableIdentity::parse);
        look(connection -> target.recognise(connection, expected));
    }

    @Override
    public Optional<String> identity() {
        return target.identity();
    }

    @Override
    public Map<String, Object> status() {
        TableLook look = target.found();
        return look == null || !layout.mapped() ? Map.of() : Map.of("columns", layout.shown(look));
    }

    @Override
    public void verify() {
        look(target::verify);
    }

    private interface Look {
        void at(Connection connection) throws SQLException;
    }

    private void look(Look look) {
        try {
            database.apart(connection -> {
                attempt(connection, look);
                return table;
            });
        } catch (DataAccessException e) {
            throw cannot("be looked at", e);
        }
    }

    private void attempt(Connection connection, Look look) {
        try {
            look.at(connection);
        } catch (SQLException e) {
            throw target.failed(e);
        }
    }

    /* What the database cannot do now is no fault of the definition: a full disk, say. */
    private SinkException cannot(String what, DataAccessException e) {
        boolean broken = SqlFailure.concernsTheTable(e);
        return new SinkException(
                broken ? Disposition.BROKEN : Disposition.UNAVAILABLE,
                "the table " + table + " cannot " + what + ": "
                        + e.getMostSpecificCause().getMessage()
                        + (SqlFailure.missesRights(e) ? ". " + database.rights().advice(table) : ""),
                e);
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public void inspect(Connection transaction) {
        attempt(transaction, target::inspect);
    }

    @Override
    public JointWrite join(Connection transaction, long records) {
        return write(transaction, records, target.seen(), target.trusted().map(Known::mark));
    }

    @Override
    public Optional<JointWrite> rely(Connection transaction, long records) {
        return target.trusted()
                .map(trusted -> new RelyingWrite(
                        write(transaction, records, trusted.seen(), Optional.of(trusted.mark())),
                        target,
                        new LastLook(TableLook.MARK, List.of(table.quoted()), mark -> target.confirm(trusted, mark))));
    }

    private JointWrite write(Connection transaction, long records, @Nullable TableLook look, Optional<String> mark) {
        boolean copies = copyable(look) && records >= COPY_FROM;
        JointWrite write;
        if (layout.mapped()) {
            TableLook inspected = Objects.requireNonNull(look, "nobody has inspected the table");
            Optional<String> staged =
                    mark.filter(any -> database.engine().unfolds() && inspected.temporary() && records >= STAGE_FROM);
            write = new MappedWrite(rows(transaction, inspected, copies, staged), statements, this::refused);
        } else {
            write = whole(transaction, copies);
        }
        return look != null && look.partitioned()
                ? new PartitionedWrite(write, () -> attempt(transaction, there -> target.requireLeaves(there, look)))
                : write;
    }

    private boolean copyable(@Nullable TableLook look) {
        return look != null && look.copyable() && database.engine().unfolds();
    }

    private MappedRows rows(Connection transaction, TableLook look, boolean copies, Optional<String> staged) {
        return new MappedRows(
                transaction,
                table,
                layout,
                layout.mapping(look).orElseThrow(),
                softDelete(look),
                copies,
                staged,
                buffers,
                database.engine().unfolds(),
                look.keys().size() > 1);
    }

    @Override
    public List<Previewed> preview(String partition, List<SinkRecord> records) {
        // Other engines may keep a table whose transaction is rolled back: there it is made by the definition itself.
        boolean creates = settings.createTable() && database.engine() == Engine.POSTGRESQL;
        try {
            return database.rolledBack(table, creates ? Optional.of(layout) : Optional.empty(), connection -> {
                try {
                    return preview(connection, partition, records);
                } catch (SQLException e) {
                    throw target.failed(e);
                }
            });
        } catch (DataAccessException e) {
            throw cannot("be made", e);
        }
    }

    private List<Previewed> preview(Connection transaction, String partition, List<SinkRecord> records)
            throws SQLException {
        if (settings.createTable() && target.isMissing(transaction)) {
            return checked(records, Optional.empty());
        }
        TableLook look = target.examine(transaction);
        Optional<Mapping> mapping = layout.mapping(look);
        return mapping.isPresent() && database.engine().unfolds()
                ? new TablePreview(transaction, table, layout, mapping.get(), softDelete(look)).of(partition, records)
                : checked(records, mapping);
    }

    private List<Previewed> checked(List<SinkRecord> records, Optional<Mapping> mapping) {
        List<Previewed> previewed = new ArrayList<>();
        for (SinkRecord record : records) {
            Optional<RejectedRecord> refused =
                    mapping.isPresent() ? refused(record, mapping.get()) : refusedAlone(record);
            previewed.add(new Previewed(
                    record.offset(),
                    refused.isPresent() ? null : Effect.WRITTEN,
                    refused.isPresent() || layout.mapped() ? null : "{\"data\": " + record.json() + "}",
                    refused.orElse(null)));
        }
        return previewed;
    }

    private Optional<RejectedRecord> refusedAlone(SinkRecord record) {
        if (layout.mapped()) {
            return refused(record);
        }
        return settings.dataType() == DataType.JSONB ? JsonbCheck.check(record) : Optional.empty();
    }

    private Optional<SoftDelete> softDelete(TableLook look) {
        return layout.softDelete()
                .map(name -> SoftDelete.of(name, look.column(name).orElseThrow().columnType()));
    }

    /** Returns what stores some records, and can tell which of them are refused. */
    RecordTrial trial(Connection transaction) {
        TableLook look = target.seen();
        if (look == null || !layout.mapped()) {
            boolean copies = copyable(look);
            return new WholeTrial(records -> whole(transaction, copies && records >= COPY_FROM));
        }
        return new MappedTrial(() -> rows(transaction, look, copyable(look), Optional.empty()), statements);
    }

    private JointWrite whole(Connection transaction, boolean copies) {
        return copies ? new CopyWrite(transaction, statements, buffers) : new InsertWrite(transaction, statements);
    }

    @Override
    public Optional<SiftingWrite> sift(Connection transaction, long records, int most) {
        TableLook look = target.seen();
        if (look == null) {
            return Optional.empty();
        }
        return Optional.of(new SiftedWrite(
                new Sieve(transaction, trial(transaction), most + 1), statements, most, () -> {
                    if (look.partitioned()) {
                        attempt(transaction, there -> target.requireLeaves(there, look));
                    }
                }));
    }

    /** Whether rows say where they are from, and stay what they were, so that they can be taken back. */
    boolean takesBack() {
        return layout.positions() && !layout.upserts();
    }

    @Override
    public boolean overwrites() {
        return layout.upserts();
    }

    @Override
    public Optional<String> untold() {
        return rows.untold();
    }

    @Override
    public Optional<String> keptAs() {
        return rows.keptAs();
    }

    @Override
    public long countRows(Connection transaction, List<String> parts, long from) {
        return rows.count(transaction, parts, from);
    }

    @Override
    public void readRows(Connection transaction, String forPart, long from, long end, RowVisitor visitor) {
        rows.read(transaction, forPart, from, end, visitor);
    }

    /** Whether a writer may go back without its rows. */
    boolean rewindsPosition() {
        return settings.rewind() == Rewind.POSITION;
    }

    @Override
    public void check(SinkRecord record) {
        Optional<RejectedRecord> refused = refusedAlone(record);
        if (refused.isPresent() && layout.mapped() && !target.foundLately()) {
            refused = isRight() ? refused(record) : Optional.empty(); // of a table that is broken the write will tell
        }
        if (refused.isPresent()) {
            throw SinkException.rejected(List.of(refused.get()));
        }
    }

    /* Columns are added before a batch waits for anything. */
    @Override
    public boolean checksAsItWrites() {
        return layout.mapped() && !layout.adds() && System.nanoTime() - checkedUntil >= 0;
    }

    private void refused() {
        checkedUntil = System.nanoTime() + CHECKED_FOR.toNanos();
    }

    @Override
    public boolean takesKeysOfTombstones() {
        return layout.changes()
                .filter(changes -> changes.tombstones() == Tombstones.BY_KEY)
                .isPresent();
    }

    @Override
    public boolean makesRoomFor(RejectedRecord refused) {
        return layout.adds(refused);
    }

    @Override
    public void makeRoom(Iterable<SinkRecord> records) {
        TableLook look = target.found();
        if (look == null || !layout.adds()) {
            return;
        }
        Map<String, String> wanted = newColumns(look, records);
        if (!wanted.isEmpty()) {
            additions.add(look.oid(), wanted);
            verify();
        }
    }

    private Map<String, String> newColumns(TableLook look, Iterable<SinkRecord> records) {
        Mapping mapping = layout.mapping(look).orElseThrow();
        NewColumns columns = new NewColumns();
        RowReader reader = mapping.reader();
        for (SinkRecord record : records) {
            reader.read(record);
            if (reader.refused().filter(RowReader::wantsColumn).isPresent()) {
                reader.newColumns(columns);
            }
        }
        Map<String, String> types = new LinkedHashMap<>(columns.types());
        types.keySet().removeIf(name -> !layout.mayAdd(name));
        return types;
    }

    /** Returns why a record can be no row; empty if it may be one, or if nobody can tell but the write. */
    private Optional<RejectedRecord> refused(SinkRecord record) {
        TableLook look = target.found();
        if (look == null) {
            return Optional.empty();
        }
        return refused(record, layout.mapping(look).orElseThrow());
    }

    private static Optional<RejectedRecord> refused(SinkRecord record, Mapping mapping) {
        RowReader reader = mapping.take();
        try {
            reader.read(record);
            return reader.refused();
        } finally {
            mapping.giveBack(reader);
        }
    }

    /* A refused record writes nothing, so nothing else would ever find that its column was altered. */
    private boolean isRight() {
        try {
            verify();
            return true;
        } catch (SinkException | TransactionException e) {
            log.debug("The table {} cannot be looked at, or is not right", table, e);
            return false;
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
