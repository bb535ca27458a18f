package dev.sluice.table;

import dev.sluice.column.Changes;
import dev.sluice.column.ColumnSource;
import dev.sluice.column.Envelope;
import dev.sluice.column.MissingMembers;
import dev.sluice.column.Operation;
import dev.sluice.column.OtherMembers;
import dev.sluice.column.Tombstones;
import dev.sluice.column.Truncates;
import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import dev.sluice.sink.Guarantee;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of a table sink. */
@Description("Rows of a table in the service's own database, committed together with the partition's position.")
record TableSinkProperties(
        @Description("The table's name, with its schema unless that is public; the sink's id if it is not given.")
        @Nullable
        String table,

        @Description("Whether to create the table if it is missing.") @DefaultValue("true")
        boolean createTable,

        @Description("The type of the column data, which takes the whole record.") @DefaultValue("jsonb")
        DataType dataType,

        @Description(
                "Where each column of one's own gets its value; with none the whole record goes to the column data.")
        @DefaultValue
        Map<String, ColumnSource> columns,

        @Description("Where columns of the table that are not listed get their values.") @DefaultValue("default")
        OtherColumns otherColumns,

        @Description("What becomes of members of a record that no column takes.") @DefaultValue("refuse")
        OtherMembers otherMembers,

        @Description("How many columns the table may get for such members.") @Bounds(least = "1") @DefaultValue("50")
        int maxNewColumns,

        @Description("What becomes of columns whose member is not there; default, unless the envelope is Debezium's.")
        @Nullable
        MissingMembers missingMembers,

        @Description("Whether the table has the columns partition_id and source_offset.") @DefaultValue("columns")
        Position position,

        @Description("What a record does to the table.") @DefaultValue("append")
        WriteMode mode,

        @Description("The columns that tell one row from another, where rows are replaced.") @DefaultValue
        List<String> key,

        @Description("What becomes of a writer that resumes below what is committed, where rows are replaced.")
        @DefaultValue("none")
        Rewind rewind,

        @Description("Where a record says what it does, with mode: changes.") @Nullable
        Operation operation,

        @Description("What is around the rows, with mode: changes.") @DefaultValue("none")
        Envelope envelope,

        @Description("What becomes of records that are null, with mode: changes; refused, or ignored with an envelope.")
        @Nullable
        Tombstones tombstones,

        @Description("What becomes of truncations, where the envelope tells them.") @DefaultValue("refuse")
        Truncates truncates,

        @Description("A column that says that a row is deleted; without it such rows go.") @Nullable
        String softDelete,

        @Description("By name, what the table may lack to keep records safe; the guarantee is less then.") @DefaultValue
        Set<Shortcoming> accept) {

    private static final int MOST_BYTES = 63;

    TableSinkProperties {
        accept = Set.copyOf(accept);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        key = List.copyOf(key);
        boolean wrapped = envelope == Envelope.DEBEZIUM;
        if (wrapped && missingMembers != null && missingMembers != MissingMembers.KEEP) {
            throw new IllegalArgumentException(
                    "missing-members: is keep with envelope: debezium, whose updates leave out"
                            + " large values that did not change");
        }
        requireNames(columns, position, otherMembers.into(), softDelete);
        if (mode == WriteMode.APPEND) {
            requireAppend(key, rewind, missingMembers == MissingMembers.KEEP);
        } else {
            requireKey(columns, otherColumns, key);
        }
        requireChanges(mode, operation, envelope, tombstones, truncates, softDelete);
        if (maxNewColumns < 1) {
            throw new IllegalArgumentException("max-new-columns: is at least 1, not " + maxNewColumns);
        }
        if (position == Position.NONE && columns.isEmpty() && otherColumns == OtherColumns.DEFAULT) {
            throw new IllegalArgumentException(
                    "position: none is for a table with columns of its own; set columns, or other-columns: by-name");
        }
        if (wrapped && otherMembers.into() != null) {
            throw new IllegalArgumentException("other-members: into does not go with envelope: debezium, whose updates"
                    + " leave out large values that did not change");
        }
        boolean whole = columns.isEmpty() && otherColumns == OtherColumns.DEFAULT;
        if (whole && (otherMembers.into() != null || otherMembers.added())) {
            throw new IllegalArgumentException(
                    "other-members: is for a table with columns of its own; set columns, or other-columns: by-name");
        }
    }

    private static void requireNames(
            Map<String, ColumnSource> columns, Position position, @Nullable String into, @Nullable String softDelete) {
        columns.keySet().forEach(column -> requireName("columns", column));
        if (position == Position.COLUMNS
                && (columns.containsKey(RowLayout.PARTITION) || columns.containsKey(RowLayout.OFFSET))) {
            throw new IllegalArgumentException("columns: " + RowLayout.PARTITION + " and " + RowLayout.OFFSET
                    + " are filled by the service; set position: none for a table that has such columns of its own");
        }
        if (into != null) {
            requireName("other-members", into);
            if (columns.containsKey(into)) {
                throw new IllegalArgumentException("other-members: the column '" + into + "' is in columns, too");
            }
        }
        if (softDelete != null) {
            requireName("soft-delete", softDelete);
            if (columns.containsKey(softDelete) || softDelete.equals(into)) {
                throw new IllegalArgumentException("soft-delete: the column '" + softDelete
                        + "' is filled by records, too; take it out of columns and other-members");
            }
        }
    }

    private static void requireName(String setting, String column) {
        if (column.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException(setting + ": '" + column + "' is longer than the " + MOST_BYTES
                    + " bytes that PostgreSQL keeps of a name");
        }
    }

    private static void requireAppend(List<String> key, Rewind rewind, boolean keeps) {
        if (!key.isEmpty()) {
            throw new IllegalArgumentException("key: is for mode: upsert and changes; set one, or take the key out");
        }
        if (rewind != Rewind.NONE) {
            throw new IllegalArgumentException(
                    "rewind: is for mode: upsert and changes; rows that were appended are taken back, as ever");
        }
        if (keeps) {
            throw new IllegalArgumentException(
                    "missing-members: keep is for mode: upsert and changes; a new row has no value to keep");
        }
    }

    private static void requireKey(Map<String, ColumnSource> columns, OtherColumns others, List<String> key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: name the columns that tell one row from another, like [\"id\"]");
        }
        key.stream()
                .filter(column -> others == OtherColumns.DEFAULT && !columns.containsKey(column))
                .findFirst()
                .ifPresent(column -> {
                    throw new IllegalArgumentException(
                            "key: '" + column + "' is none of columns; say where it gets its value");
                });
    }

    private static void requireChanges(
            WriteMode mode,
            @Nullable Operation operation,
            Envelope envelope,
            @Nullable Tombstones tombstones,
            Truncates truncates,
            @Nullable String softDelete) {
        boolean wrapped = envelope != Envelope.NONE;
        if (mode != WriteMode.CHANGES) {
            requireNo("operation", operation != null);
            requireNo("envelope", wrapped);
            requireNo("tombstones", tombstones != null);
            requireNo("truncates", truncates != Truncates.REFUSE);
            requireNo("soft-delete", softDelete != null);
        } else if (wrapped == (operation != null) && (wrapped || tombstones != Tombstones.BY_KEY)) {
            throw new IllegalArgumentException(
                    wrapped
                            ? "operation: is told by the envelope; take one of both out"
                            : "operation: says where a record tells what it does, like"
                                    + " {\"from\": \"/op\", \"delete\": [\"d\"]}; or set envelope: debezium, or"
                                    + " tombstones: by-key");
        } else if (!wrapped && truncates != Truncates.REFUSE) {
            throw new IllegalArgumentException("truncates: are told by envelopes only; take it out");
        }
    }

    private static void requireNo(String setting, boolean there) {
        if (there) {
            throw new IllegalArgumentException(setting + ": is for mode: changes; set that, or take it out");
        }
    }

    /** Whether records go to columns of the user's own. */
    boolean mapped() {
        return !columns.isEmpty() || otherColumns == OtherColumns.BY_NAME;
    }

    /** Returns what becomes of columns whose member is not there. */
    MissingMembers missing() {
        if (missingMembers != null) {
            return missingMembers;
        }
        return envelope == Envelope.DEBEZIUM ? MissingMembers.KEEP : MissingMembers.DEFAULT;
    }

    /** Returns how records say what they do; empty if each writes a row. */
    Optional<Changes> changes() {
        if (mode != WriteMode.CHANGES) {
            return Optional.empty();
        }
        Tombstones ofNull = tombstones;
        if (ofNull == null) {
            ofNull = envelope == Envelope.NONE ? Tombstones.REFUSE : Tombstones.IGNORE;
        }
        return Optional.of(new Changes(operation, envelope, ofNull, truncates));
    }

    Guarantee guarantee() {
        Guarantee own = rewind == Rewind.POSITION ? Guarantee.EFFECTIVELY_ONCE : Guarantee.EXACTLY_ONCE;
        return Stream.concat(Stream.of(own), accept.stream().map(Shortcoming::guarantee))
                .min(Comparator.naturalOrder())
                .orElse(Guarantee.EXACTLY_ONCE);
    }
}
