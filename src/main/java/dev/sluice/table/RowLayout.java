package dev.sluice.table;

import dev.sluice.column.Changes;
import dev.sluice.column.ColumnSource;
import dev.sluice.column.MappedColumn;
import dev.sluice.column.Mapping;
import dev.sluice.column.MissingMembers;
import dev.sluice.column.RowReader;
import dev.sluice.sink.RejectedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a sink writes into each row. Thread-safe. */
final class RowLayout {

    static final String PARTITION = "partition_id";
    static final String OFFSET = "source_offset";
    static final String DATA = "data";

    private record Mapped(List<TableColumn> columns, Mapping mapping) {}

    private final TableSinkProperties settings;
    private final List<String> written;
    private final AtomicReference<@Nullable Mapped> last = new AtomicReference<>();

    RowLayout(TableSinkProperties settings) {
        this.settings = settings;
        List<String> names = new ArrayList<>();
        if (positions()) {
            names.add(PARTITION);
            names.add(OFFSET);
        }
        if (mapped()) {
            names.addAll(columns().keySet());
        } else {
            names.add(DATA);
        }
        softDelete().ifPresent(names::add);
        this.written = List.copyOf(names);
    }

    /** Whether records go to columns of their own, and not as a whole into one. */
    boolean mapped() {
        return settings.mapped();
    }

    /** Whether columns that the definition does not list take the members of their names. */
    boolean byName() {
        return settings.otherColumns() == OtherColumns.BY_NAME || adds();
    }

    /** Whether members that no column takes get columns of their own. */
    boolean adds() {
        return settings.otherMembers().added();
    }

    /** Whether a record that is refused so may be taken once the table has a column more. */
    boolean adds(RejectedRecord refused) {
        String member = refused.field();
        return adds() && RowReader.wantsColumn(refused) && member != null && mayAdd(member);
    }

    /** Whether a member may get a column of its name. */
    boolean mayAdd(String member) {
        return TableName.possible(member) && !written.contains(member);
    }

    /** Returns how many columns the table may get so. */
    int mostNewColumns() {
        return settings.maxNewColumns();
    }

    /** Whether rows say where they are from. */
    boolean positions() {
        return settings.position() == Position.COLUMNS;
    }

    /** Whether rows replace those of their key. */
    boolean upserts() {
        return settings.mode() != WriteMode.APPEND;
    }

    /** Returns how records say what they do, where not each writes a row. */
    Optional<Changes> changes() {
        return settings.changes();
    }

    /** Returns the column that says that a row is deleted; empty if such rows go. */
    Optional<String> softDelete() {
        return Optional.ofNullable(settings.softDelete());
    }

    /** Whether columns without a value keep the one that is there. */
    boolean keeps() {
        return settings.missing() == MissingMembers.KEEP;
    }

    /** Returns the columns of the key, where rows replace others. */
    List<String> key() {
        return settings.key();
    }

    DataType dataType() {
        return settings.dataType();
    }

    /** Returns the columns that the definition lists, with the one for other members. */
    Map<String, ColumnSource> columns() {
        String into = settings.otherMembers().into();
        if (into == null) {
            return settings.columns();
        }
        Map<String, ColumnSource> columns = new LinkedHashMap<>(settings.columns());
        columns.put(into, new ColumnSource("", "jsonb", null, null));
        return columns;
    }

    /** Returns the column that takes members which no other one takes; empty if there is none. */
    Optional<String> leftOver() {
        return Optional.ofNullable(settings.otherMembers().into());
    }

    /** Returns the names of the columns that are written; with {@link #byName} others may be, too. */
    List<String> written() {
        return written;
    }

    /** Returns how records become rows of a table that was found to be right; empty where they are stored as a whole. */
    Optional<Mapping> mapping(TableLook look) {
        if (!mapped()) {
            return Optional.empty();
        }
        Mapped before = last.get();
        if (before == null || !before.columns().equals(look.columns())) {
            before = new Mapped(look.columns(), map(look));
            last.set(before);
        }
        return Optional.of(before.mapping());
    }

    /** Returns what an operator sees of each column: its type, and where it gets its value. */
    List<Map<String, String>> shown(TableLook look) {
        return mapping(look).orElseThrow().columns().stream()
                .map(column -> Map.of(
                        "name",
                        column.name(),
                        "type",
                        column.type().name(),
                        "from",
                        leftOver().filter(column.name()::equals).isPresent()
                                ? "members that no column takes"
                                : column.source().from()))
                .toList();
    }

    private Mapping map(TableLook look) {
        List<MappedColumn> columns = sources(look).entrySet().stream()
                .map(entry -> new MappedColumn(
                        entry.getKey(),
                        entry.getValue(),
                        look.column(entry.getKey()).orElseThrow().columnType()))
                .toList();
        return new Mapping(
                columns,
                settings.otherMembers(),
                settings.missing(),
                settings.key(),
                settings.changes().orElse(null));
    }

    private Map<String, ColumnSource> sources(TableLook look) {
        Map<String, ColumnSource> sources = new LinkedHashMap<>(columns());
        if (byName()) {
            look.columns().stream()
                    .filter(column -> column.writable() && !written.contains(column.name()))
                    .forEach(column -> sources.put(column.name(), ColumnSource.named(column.name())));
        }
        return sources;
    }
}
