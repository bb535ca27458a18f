package dev.sluice.column;

import dev.sluice.json.JsonScanner;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a record does to rows, and where in its bytes these are. One thread. */
final class ChangeReader {

    private static final String WRONG = "22023";
    private static final byte[] UNAVAILABLE = bytes("\"__debezium_unavailable_value\"");
    private static final byte[] UNAVAILABLE_BYTES = bytes("\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"");
    private static final byte[] UNAVAILABLE_ELEMENTS = bytes("[\"__debezium_unavailable_value\"]");

    private final Mapping mapping;
    private final RecordMembers members;
    private final DebeziumEnvelope envelope = new DebeziumEnvelope();
    private final KeyReader keys;
    private final Change[] kinds = new Change[2];
    private final int[] rows = new int[2];
    private final int[] keyFrom;
    private final int[] keyTo;
    private int count;
    private int at;
    private @Nullable Misfit refused;

    ChangeReader(Mapping mapping, RecordMembers members) {
        this.mapping = mapping;
        this.members = members;
        this.keys = new KeyReader(mapping);
        this.keyFrom = new int[mapping.columns().size()];
        this.keyTo = new int[mapping.columns().size()];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the record that was loaded. */
    void read() {
        count = 0;
        at = -1;
        refused = null;
        Optional<Changes> changes = mapping.changes();
        byte first = members.bytes()[0];
        if (changes.isEmpty()) {
            whole(Change.WRITE);
        } else if (first == '"' && changes.get().tombstones() == Tombstones.BY_KEY) {
            deleteByKey();
        } else if (first == 'n') {
            tombstone(changes.get());
        } else if (changes.get().envelope() == Envelope.DEBEZIUM) {
            debezium(changes.get(), first);
        } else {
            bare(changes.get().operation());
        }
    }

    private void whole(Change change) {
        if (members.fits(0)) {
            add(change, 0);
        } else {
            refuse(null, "the record is neither an object nor an array, and columns take members of it", null);
        }
    }

    private void add(Change change, int row) {
        kinds[count] = change;
        rows[count++] = row;
    }

    private void refuse(@Nullable String field, String message, @Nullable String hint) {
        refused = new Misfit(field, WRONG, message, hint);
    }

    private void tombstone(Changes changes) {
        switch (changes.tombstones()) {
            case REFUSE ->
                refuse(
                        null,
                        "the record is null, and does not say which row is gone",
                        "set tombstones: ignore if another record has told of the deletion, and send one if not;"
                                + " or tombstones: by-key, and send keyed records");
            case BY_KEY ->
                refuse(
                        null,
                        "the record is null, and has no key that says which row is gone",
                        "send it as a keyed record (POST /sinks/{sink}/records)");
            case IGNORE -> {
                // Nothing becomes of it.
            }
        }
    }

    private void deleteByKey() {
        byte[] row = keys.row(
                JsonScanner.unescaped(members.bytes(), 1, members.length() - 2).strip());
        if (row == null) {
            refuse(
                    null,
                    "the key of the deleted record does not say which row that was",
                    "where the key has several columns, a record's key is a JSON object of them, like "
                            + keys.example());
        } else {
            members.load(new SinkRecord(0, row));
            add(Change.DELETE, 0);
        }
    }

    private void bare(@Nullable Operation operation) {
        if (operation == null || !members.fits(0)) {
            whole(Change.WRITE);
            return;
        }
        members.read(0);
        String said = said(mapping.columns().size());
        if (operation.delete().contains(said)) {
            add(Change.DELETE, 0);
        } else if (operation.write().isEmpty() || operation.write().contains(said)) {
            add(Change.WRITE, 0);
        } else {
            refuse(
                    operation.from(),
                    said.isEmpty()
                            ? "the record does not say what it does"
                            : "'" + said + "' is none of the operations that the definition knows",
                    "delete: " + operation.delete() + ", write: " + operation.write());
        }
    }

    private String said(int value) {
        if (!members.has(value) || members.isNull(value)) {
            return "";
        }
        int from = members.from(value);
        boolean quoted = members.bytes()[from] == '"';
        return quoted
                ? JsonScanner.unescaped(members.bytes(), from + 1, members.to(value) - from - 2)
                : new String(members.bytes(), from, members.to(value) - from, StandardCharsets.UTF_8);
    }

    private void debezium(Changes changes, byte first) {
        if (first != '{') {
            refuse(null, "the record is no change event of Debezium's, which is an object", null);
        } else if (!envelope.read(members.bytes(), members.length())) {
            tombstone(changes);
        } else {
            String op = envelope.op(members.bytes());
            switch (op) {
                case "c", "r" -> row(Change.WRITE, envelope.after(), op, "after");
                case "u" -> update(op);
                case "d" -> row(Change.DELETE, envelope.before(), op, "before");
                case "t" -> truncation(changes.truncates());
                default ->
                    refuse(
                            "op",
                            op.isEmpty()
                                    ? "the record is no change event of Debezium's: it has no op"
                                    : "the operation '" + op + "' is no change of a row",
                            "a sink with envelope: debezium takes the events of one table, as its connector writes them");
            }
        }
    }

    private void row(Change change, int row, String op, String part) {
        if (row == DebeziumEnvelope.MISSING) {
            refuse(
                    part,
                    "an event with the operation '" + op + "' needs the row in '" + part + "', and has none",
                    change == Change.DELETE
                            ? "give the source's table a primary key, or run there: alter table … replica identity full"
                            : null);
        } else {
            add(change, row);
        }
    }

    /* Where the key was changed, the row of the former one goes. */
    private void update(String op) {
        if (envelope.before() != DebeziumEnvelope.MISSING
                && envelope.after() != DebeziumEnvelope.MISSING
                && keyDiffers()) {
            add(Change.DELETE, envelope.before());
        }
        row(Change.WRITE, envelope.after(), op, "after");
    }

    private boolean keyDiffers() {
        members.read(envelope.before());
        for (int i = 0; i < keyFrom.length; i++) {
            if (mapping.inKey(i)) {
                if (!members.has(i) || members.isNull(i)) {
                    return false; // the source does not tell the former row
                }
                keyFrom[i] = members.from(i);
                keyTo[i] = members.to(i);
            }
        }
        members.read(envelope.after());
        for (int i = 0; i < keyFrom.length; i++) {
            if (mapping.inKey(i)
                    && members.has(i)
                    && !Arrays.equals(
                            members.bytes(), keyFrom[i], keyTo[i], members.bytes(), members.from(i), members.to(i))) {
                return true;
            }
        }
        return false;
    }

    private void truncation(Truncates truncates) {
        switch (truncates) {
            case REFUSE ->
                refuse(
                        "op",
                        "the source's table was truncated",
                        "set truncates: apply to delete all rows of the sink's table, whoever wrote them, or"
                                + " truncates: ignore to keep them");
            case IGNORE -> {
                // Nothing becomes of it.
            }
            case APPLY -> add(Change.TRUNCATE, 0);
        }
    }

    /** Returns why the record is no change; null if it may be one, or is none on purpose. */
    @Nullable
    Misfit refused() {
        return refused;
    }

    /** Moves to the next row; returns whether there is one. */
    boolean next() {
        at++;
        if (at >= count) {
            return false;
        }
        if (kinds[at] != Change.TRUNCATE) {
            members.read(rows[at]);
            dropUnavailable();
        }
        return true;
    }

    Change change() {
        return kinds[at];
    }

    /** Returns where the row begins. */
    int row() {
        return rows[at];
    }

    /* What Debezium writes in place of a large value that an update did not change. */
    private void dropUnavailable() {
        if (mapping.changes().isEmpty() || mapping.changes().get().envelope() != Envelope.DEBEZIUM) {
            return;
        }
        for (int i = 0; i < keyFrom.length; i++) {
            if (members.has(i) && (is(UNAVAILABLE, i) || is(UNAVAILABLE_BYTES, i) || is(UNAVAILABLE_ELEMENTS, i))) {
                members.drop(i);
            }
        }
    }

    private boolean is(byte[] wanted, int column) {
        return Arrays.equals(wanted, 0, wanted.length, members.bytes(), members.from(column), members.to(column));
    }
}
