package dev.sluice.column;

import dev.sluice.sink.SinkRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Columns for members that no column takes, and a type for each that takes all the values that were seen. One thread. */
public final class NewColumns {

    private static final String BOOLEAN = "boolean";
    private static final String BIGINT = "bigint";
    private static final String NUMERIC = "numeric";
    private static final String TEXT = "text";
    private static final String JSONB = "jsonb";
    private static final String TIMESTAMP = "timestamptz";
    private static final String DATE = "date";
    private static final String UUID = "uuid";
    private static final Set<String> NUMBERS = Set.of(BIGINT, NUMERIC);

    private final Map<String, String> types = new LinkedHashMap<>();
    private final boolean guesses;

    /** Makes one that gives texts no other type, as the next one may be any. */
    public NewColumns() {
        this(false);
    }

    private NewColumns(boolean guesses) {
        this.guesses = guesses;
    }

    /** Returns columns for all members of records, by what their values look like. */
    public static Map<String, String> guessed(Iterable<SinkRecord> records) {
        NewColumns columns = new NewColumns(true);
        RowReader reader = new Mapping(
                        List.of(), OtherMembers.of("add-columns"), MissingMembers.DEFAULT, List.of(), null)
                .reader();
        for (SinkRecord record : records) {
            reader.read(record);
            if (reader.next()) {
                reader.newColumns(columns);
            }
        }
        return columns.types();
    }

    void add(String name, byte[] bytes, int from, int to) {
        types.merge(name, type(bytes, from, to), NewColumns::wider);
    }

    private String type(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case 't', 'f' -> BOOLEAN;
            case '"' -> guesses ? guess(bytes, from + 1, to - 1) : TEXT;
            case '{', '[' -> JSONB;
            default -> Decimals.whole(bytes, from, to) == Decimals.NOT_WHOLE ? NUMERIC : BIGINT;
        };
    }

    private static String guess(byte[] bytes, int from, int to) {
        if (IsoTime.date(bytes, from, to) != IsoTime.NOT_PLAIN) {
            return DATE;
        }
        boolean zoned = IsoTime.timestamp(bytes, from, to, true) != IsoTime.NOT_PLAIN
                && IsoTime.timestamp(bytes, from, to, false) == IsoTime.NOT_PLAIN;
        if (zoned) {
            return TIMESTAMP;
        }
        return Uuids.write(bytes, from, to, new Text(16)) ? UUID : TEXT;
    }

    private static String wider(String one, String other) {
        if (one.equals(other)) {
            return one;
        }
        if (one.equals(JSONB) || other.equals(JSONB)) {
            return JSONB;
        }
        return NUMBERS.contains(one) && NUMBERS.contains(other) ? NUMERIC : TEXT;
    }

    /** Returns the types by name, as SQL writes them, in the order in which they were seen. */
    public Map<String, String> types() {
        return types;
    }
}
