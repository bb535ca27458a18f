package dev.sluice.column;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** How records become rows. Thread-safe. */
public final class Mapping {

    private static final int KEPT = 16;

    private final List<MappedColumn> columns;
    private final List<Boolean> key;
    private final OtherMembers others;
    private final MissingMembers missing;
    private final Paths paths;
    private final BlockingQueue<RowReader> idle = new ArrayBlockingQueue<>(KEPT);

    /** {@code key} names the columns that no row may leave out. */
    public Mapping(List<MappedColumn> columns, OtherMembers others, MissingMembers missing, Collection<String> key) {
        this.key = columns.stream().map(column -> key.contains(column.name())).toList();
        this.columns = List.copyOf(columns);
        this.others = others;
        this.missing = missing;
        this.paths = Paths.of(columns.stream()
                .map(column -> Pointer.parse(column.source().from()))
                .toList());
    }

    /** Returns the columns that records fill, in the order of the definition. */
    public List<MappedColumn> columns() {
        return columns;
    }

    boolean inKey(int column) {
        return key.get(column);
    }

    OtherMembers others() {
        return others;
    }

    MissingMembers missing() {
        return missing;
    }

    /** Returns a reader to use and give back. */
    public RowReader take() {
        RowReader reader = idle.poll();
        return reader == null ? reader() : reader;
    }

    /** Takes a reader back. */
    public void giveBack(RowReader reader) {
        idle.offer(reader);
    }

    /** Returns a reader, which belongs to one thread. */
    public RowReader reader() {
        return new RowReader(this, new RecordMembers(paths, columns.size()));
    }
}
