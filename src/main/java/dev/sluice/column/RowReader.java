package dev.sluice.column;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one record after the other as a row. One thread. */
public final class RowReader {

    private static final String NOT_NULL = "23502";
    private static final String NO_COLUMN = "42703";

    private final Mapping mapping;
    private final RecordMembers members;
    private final Text scratch = new Text(64);
    private long offset;

    RowReader(Mapping mapping, RecordMembers members) {
        this.mapping = mapping;
        this.members = members;
    }

    /** Moves to a record. */
    public void read(SinkRecord record) {
        offset = record.offset();
        members.read(record);
    }

    /** Returns why the record can be no row, whatever PostgreSQL says to its values; empty if it may be one. */
    public Optional<RejectedRecord> refused() {
        String other = members.other();
        if (other != null && mapping.others() == OtherMembers.REFUSE) {
            return refused(
                    other,
                    NO_COLUMN,
                    "the record has a member '" + other + "' that no column takes",
                    "add it to columns, or set other-members: ignore");
        }
        List<MappedColumn> columns = mapping.columns();
        for (int i = 0; i < columns.size(); i++) {
            MappedColumn column = columns.get(i);
            if (mapping.inKey(i) && isNull(i)) {
                return Optional.of(withoutKey(column));
            }
            if (!members.has(i)) {
                if (mapping.missing() == MissingMembers.REFUSE) {
                    return refused(
                            column.name(),
                            NOT_NULL,
                            "the record has nothing at " + column.source().from() + " for the column " + column.name(),
                            "send it, null included, or set missing-members: default");
                }
            } else if (!members.isNull(i)) {
                MisfitException misfit =
                        ValueWriter.misfit(members.bytes(), members.from(i), members.to(i), column, scratch);
                if (misfit != null) {
                    return refused(column.name(), misfit.code(), String.valueOf(misfit.getMessage()), misfit.hint());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<RejectedRecord> refused(String field, String code, String message, @Nullable String hint) {
        return Optional.of(new RejectedRecord(offset, field, code, message, hint));
    }

    private boolean isNull(int column) {
        return !members.has(column) || members.isNull(column);
    }

    private RejectedRecord withoutKey(MappedColumn column) {
        return new RejectedRecord(
                offset,
                column.name(),
                NOT_NULL,
                "the record has nothing at " + column.source().from() + " for the column " + column.name()
                        + ", which is in the key",
                "send it");
    }

    /** Sets the columns that are not to be written, so that they get their default. */
    public void defaults(BitSet columns) {
        columns.clear();
        if (mapping.missing() == MissingMembers.DEFAULT || mapping.missing() == MissingMembers.KEEP) {
            for (int i = 0; i < mapping.columns().size(); i++) {
                if (!members.has(i)) {
                    columns.set(i);
                }
            }
        }
    }

    /** Writes a column's text; returns false for NULL. Throws {@link SinkException} for what {@link #refused} tells. */
    public boolean write(int column, Text out) {
        MappedColumn mapped = mapping.columns().get(column);
        if (isNull(column)) {
            if (mapping.inKey(column)) {
                throw SinkException.rejected(List.of(withoutKey(mapped)));
            }
            return false;
        }
        try {
            ValueWriter.write(members.bytes(), members.from(column), members.to(column), mapped, out);
        } catch (MisfitException e) {
            throw SinkException.rejected(List.of(
                    new RejectedRecord(offset, mapped.name(), e.code(), String.valueOf(e.getMessage()), e.hint())));
        }
        return true;
    }
}
