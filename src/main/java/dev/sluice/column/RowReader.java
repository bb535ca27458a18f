package dev.sluice.column;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one record after the other as the changes that it makes, mostly of one row. One thread. */
public final class RowReader {

    private static final String NOT_NULL = "23502";
    private static final String NO_COLUMN = "42703";
    private static final String NOT_ALL = "42804";
    private static final int NULL = -1;
    private static final ColumnSource NO_SOURCE = ColumnSource.of("");

    private final Mapping mapping;
    private final RecordMembers members;
    private final @Nullable LeftOver leftOver;
    private final ChangeReader changes;
    private final Text scratch = new Text(64);
    private long offset;

    RowReader(Mapping mapping, RecordMembers members, @Nullable LeftOver leftOver) {
        this.mapping = mapping;
        this.members = members;
        this.leftOver = leftOver;
        this.changes = new ChangeReader(mapping, members);
    }

    /** Moves before the first change of a record. */
    public void read(SinkRecord record) {
        offset = record.offset();
        members.load(record);
        changes.read();
    }

    /** Moves to the next change of the record; returns whether there is one. */
    public boolean next() {
        Misfit refused = changes.refused();
        if (refused != null) {
            throw SinkException.rejected(List.of(rejected(refused)));
        }
        return changes.next();
    }

    /** Returns what becomes of the row. */
    public Change change() {
        return changes.change();
    }

    /** Returns why the record can be no change, whatever PostgreSQL says to its values; empty if it may be one. */
    public Optional<RejectedRecord> refused() {
        Misfit refused = changes.refused();
        while (refused == null && changes.next()) {
            refused = changes.change() == Change.WRITE ? refusedRow() : refusedKey();
        }
        return Optional.ofNullable(refused).map(this::rejected);
    }

    private RejectedRecord rejected(Misfit misfit) {
        return new RejectedRecord(offset, misfit.field(), misfit.code(), misfit.message(), misfit.hint());
    }

    private @Nullable Misfit refusedKey() {
        List<MappedColumn> columns = mapping.columns();
        Misfit refused = null;
        for (int i = 0; i < columns.size() && refused == null && changes.change() == Change.DELETE; i++) {
            if (mapping.inKey(i)) {
                refused = isNull(i) ? withoutKey(columns.get(i)) : misfit(i);
            }
        }
        return refused;
    }

    private @Nullable Misfit refusedRow() {
        if (mapping.others().refused() && members.hasOther()) {
            return other();
        }
        List<MappedColumn> columns = mapping.columns();
        for (int i = 0; i < columns.size(); i++) {
            Misfit refused = refusedValue(i, columns.get(i));
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    private Misfit other() {
        String name = members.other();
        if (name.isEmpty()) {
            return new Misfit(null, NOT_ALL, "no column takes all of the record", "set other-members: ignore");
        }
        String hint = mapping.others().added()
                ? "add it to columns yourself if max-new-columns is used up, or the name is none of a column; or set"
                        + " other-members: ignore"
                : "add it to columns, or set other-members: ignore";
        return members.partly()
                ? new Misfit(name, NOT_ALL, "the record has more in its member '" + name + "' than columns take", hint)
                : new Misfit(
                        name,
                        members.nested() ? NOT_ALL : NO_COLUMN,
                        "the record has a member '" + name + "' that no column takes",
                        hint);
    }

    private @Nullable Misfit refusedValue(int i, MappedColumn column) {
        if (mapping.inKey(i) && isNull(i)) {
            return withoutKey(column);
        }
        if (i == mapping.leftOver()) {
            return null;
        }
        if (!members.has(i)) {
            return mapping.missing() == MissingMembers.REFUSE ? withoutMember(column) : null;
        }
        return members.isNull(i) ? null : misfit(i);
    }

    private @Nullable Misfit misfit(int i) {
        boolean plain = !members.escaped(i) && members.bytes()[members.from(i)] == '"';
        if (mapping.anyJson(i) || (plain && !mapping.encoded(i))) {
            return null;
        }
        MappedColumn column = mapping.columns().get(i);
        MisfitException misfit = ValueWriter.misfit(members.bytes(), members.from(i), members.to(i), column, scratch);
        return misfit == null ? null : Misfit.of(column, misfit);
    }

    private boolean isNull(int column) {
        return !members.has(column) || members.isNull(column);
    }

    private static Misfit withoutMember(MappedColumn column) {
        return new Misfit(
                column.name(),
                NOT_NULL,
                "the record has nothing at " + column.source().from() + " for the column " + column.name(),
                "send it, null included, or set missing-members: default");
    }

    private static Misfit withoutKey(MappedColumn column) {
        return new Misfit(
                column.name(),
                NOT_NULL,
                "the record has nothing at " + column.source().from() + " for the column " + column.name()
                        + ", which is in the key",
                "send it");
    }

    /** Whether a record is refused for a member that no column takes. */
    public static boolean wantsColumn(RejectedRecord refused) {
        return refused.code().equals(NO_COLUMN);
    }

    /** Adds the members of the row that no column takes. */
    public void newColumns(NewColumns columns) {
        members.others(changes.row(), columns::add);
    }

    /** Sets the columns that are not to be written, so that they get their default. */
    public void defaults(BitSet columns) {
        columns.clear();
        if (mapping.missing() == MissingMembers.DEFAULT || mapping.missing() == MissingMembers.KEEP) {
            for (int i = 0; i < mapping.columns().size(); i++) {
                // Of a column of the key its absence is told when it is written.
                if (i != mapping.leftOver() && !mapping.inKey(i) && !members.has(i)) {
                    columns.set(i);
                }
            }
        }
    }

    /** Throws {@link SinkException} where the row that is written has more than columns take. */
    public void requireNothingElse() {
        if (mapping.others().refused() && members.hasOther()) {
            throw SinkException.rejected(List.of(rejected(other())));
        }
    }

    /** Writes a column's text; returns false for NULL. Throws {@link SinkException} for what {@link #refused} tells. */
    public boolean write(int column, Text out) {
        if (column == mapping.leftOver() && leftOver != null) {
            out.put(leftOver.text().bytes(), 0, leftOver.text().length());
            return !leftOver.isEmpty();
        }
        if (isNull(column)) {
            requireMayBeNull(column);
            return false;
        }
        MappedColumn mapped = mapping.columns().get(column);
        try {
            ValueWriter.write(members.bytes(), members.from(column), members.to(column), mapped, out);
        } catch (MisfitException e) {
            throw SinkException.rejected(List.of(rejected(Misfit.of(mapped, e))));
        }
        return true;
    }

    private void requireMayBeNull(int column) {
        MappedColumn mapped = mapping.columns().get(column);
        if (mapping.inKey(column)) {
            throw SinkException.rejected(List.of(rejected(withoutKey(mapped))));
        }
        if (!members.has(column) && mapping.missing() == MissingMembers.REFUSE) {
            throw SinkException.rejected(List.of(rejected(withoutMember(mapped))));
        }
    }

    /**
     * Writes a column as a field of COPY's binary format. Returns false if it is not certain what that is; then what was
     * written is to be taken back.
     */
    public boolean writeBinary(int column, Text out) {
        int head = out.length();
        out.putInt(NULL);
        if (column == mapping.leftOver() && leftOver != null) {
            if (leftOver.isEmpty()) {
                return true;
            }
            Text text = leftOver.text();
            if (!mapping.form(column).write(text.bytes(), 0, text.length(), NO_SOURCE, out)) {
                return false;
            }
        } else if (isNull(column)) {
            requireMayBeNull(column);
            return true;
        } else if (!certain(column, out)) {
            return false;
        }
        out.setInt(head, out.length() - head - Integer.BYTES);
        return true;
    }

    private boolean certain(int column, Text out) {
        MappedColumn mapped = mapping.columns().get(column);
        try {
            return mapping.form(column)
                    .write(members.bytes(), members.from(column), members.to(column), mapped.source(), out);
        } catch (MisfitException e) {
            throw SinkException.rejected(List.of(rejected(Misfit.of(mapped, e))));
        }
    }
}
