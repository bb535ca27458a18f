package dev.sluice.column;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** How records become rows. Thread-safe. */
public final class Mapping {

    private static final int KEPT = 16;

    private final List<MappedColumn> columns;
    private final boolean[] key;
    private final BinaryForm[] forms;
    private final boolean[] anyJson;
    private final boolean[] encoded;
    private final OtherMembers others;
    private final MissingMembers missing;
    private final @Nullable Changes changes;
    private final Paths paths;
    private final int steps;
    private final int leftOver;
    private final BlockingQueue<RowReader> idle = new ArrayBlockingQueue<>(KEPT);

    /**
     * Makes one.
     *
     * @param columns with the one that takes {@link OtherMembers#into}
     * @param key the columns that no row may leave out
     * @param changes how records say what they do; null if each writes a row
     */
    public Mapping(
            List<MappedColumn> columns,
            OtherMembers others,
            MissingMembers missing,
            Collection<String> key,
            @Nullable Changes changes) {
        this.columns = List.copyOf(columns);
        this.key = new boolean[columns.size()];
        this.forms = new BinaryForm[columns.size()];
        this.anyJson = new boolean[columns.size()];
        this.encoded = new boolean[columns.size()];
        int into = -1;
        for (int i = 0; i < columns.size(); i++) {
            this.encoded[i] = columns.get(i).source().encoding() != null;
            this.anyJson[i] = columns.get(i).type().json() && !encoded[i];
            this.forms[i] = BinaryForm.of(columns.get(i).type());
            this.key[i] = key.contains(columns.get(i).name());
            into = columns.get(i).name().equals(others.into()) ? i : into;
        }
        this.leftOver = into;
        this.others = others;
        this.missing = missing;
        this.changes = changes;
        Map<Integer, Pointer> pointers = new TreeMap<>();
        for (int i = 0; i < columns.size(); i++) {
            if (i != into) {
                pointers.put(i, Pointer.parse(columns.get(i).source().from()));
            }
        }
        if (changes != null && changes.operation() != null) {
            pointers.put(columns.size(), Pointer.parse(changes.operation().from()));
        }
        this.steps = 1
                + pointers.values().stream()
                        .mapToInt(pointer -> pointer.tokens().size())
                        .sum();
        this.paths = Paths.of(pointers);
    }

    /** Returns the columns that records fill, in the order of the definition. */
    public List<MappedColumn> columns() {
        return columns;
    }

    /** Whether a column is in the key. */
    public boolean inKey(int column) {
        return key[column];
    }

    /** Whether values of a column may have a binary form that is certain. */
    public boolean binary(int column) {
        return forms[column] != BinaryForm.NONE;
    }

    /** Whether a column takes any JSON as it is. */
    boolean anyJson(int column) {
        return anyJson[column];
    }

    /** Whether strings hold more than their text. */
    boolean encoded(int column) {
        return encoded[column];
    }

    BinaryForm form(int column) {
        return forms[column];
    }

    OtherMembers others() {
        return others;
    }

    MissingMembers missing() {
        return missing;
    }

    /** Returns how records say what they do; empty if each writes a row. */
    Optional<Changes> changes() {
        return Optional.ofNullable(changes);
    }

    /** Returns the column that takes what no other one takes, −1 if there is none. */
    int leftOver() {
        return leftOver;
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
        LeftOver left = leftOver < 0 ? null : new LeftOver(steps);
        return new RowReader(this, new RecordMembers(paths, columns.size() + 1, left, others.added()), left);
    }
}
