package dev.sluice.table;

import dev.sluice.column.ColumnSource;
import dev.sluice.column.MappedColumn;
import dev.sluice.column.Mapping;
import dev.sluice.column.MissingMembers;
import java.util.ArrayList;
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
            names.addAll(settings.columns().keySet());
        } else {
            names.add(DATA);
        }
        this.written = List.copyOf(names);
    }

    /** Whether records go to columns of their own, and not as a whole into one. */
    boolean mapped() {
        return !settings.columns().isEmpty();
    }

    /** Whether rows say where they are from. */
    boolean positions() {
        return settings.position() == Position.COLUMNS;
    }

    /** Whether rows replace those of their key. */
    boolean upserts() {
        return settings.mode() == WriteMode.UPSERT;
    }

    /** Whether columns without a value keep the one that is there. */
    boolean keeps() {
        return settings.missingMembers() == MissingMembers.KEEP;
    }

    /** Returns the columns of the key, where rows replace others. */
    List<String> key() {
        return settings.key();
    }

    DataType dataType() {
        return settings.dataType();
    }

    Map<String, ColumnSource> columns() {
        return settings.columns();
    }

    /** Returns the names of all columns that are written. */
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
                        "name", column.name(),
                        "type", column.type().name(),
                        "from", column.source().from()))
                .toList();
    }

    private Mapping map(TableLook look) {
        List<MappedColumn> columns = settings.columns().entrySet().stream()
                .map(entry -> new MappedColumn(
                        entry.getKey(),
                        entry.getValue(),
                        look.column(entry.getKey()).orElseThrow().columnType()))
                .toList();
        return new Mapping(columns, settings.otherMembers(), settings.missingMembers(), settings.key());
    }
}
