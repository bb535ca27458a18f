package dev.sluice.column;

import dev.sluice.fuzz.Refusal;
import dev.sluice.json.JsonLimits;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.MalformedJson;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Records as rows of a table with a column of each type, bare or as changes of Debezium's; the first byte says which. What
 * is not refused has a text for each column, and in COPY's binary format a length that is right.
 */
public final class ColumnsFuzz {

    private static final JsonLimits LIMITS = JsonLimits.ofRecordBytes(16_384);
    private static final List<String> TYPES = List.of(
            "bigint",
            "integer",
            "smallint",
            "numeric",
            "real",
            "double precision",
            "boolean",
            "text",
            "character varying",
            "bytea",
            "uuid",
            "date",
            "time without time zone",
            "timestamp with time zone",
            "timestamp without time zone",
            "interval",
            "json",
            "jsonb",
            "text[]",
            "integer[]",
            "jsonb[]",
            "inet",
            "hstore");
    private static final Operation OPERATION = new Operation("/op", List.of("d"), List.of());
    private static final List<Mapping> MAPPINGS = mappings();

    private ColumnsFuzz() {}

    private static List<Mapping> mappings() {
        List<Mapping> mappings = new ArrayList<>();
        for (OtherMembers others : List.of(OtherMembers.of("refuse"), OtherMembers.of("add-columns"), into())) {
            for (MissingMembers missing : MissingMembers.values()) {
                mappings.add(mapping(others, missing, null));
            }
            for (Tombstones tombstones : Tombstones.values()) {
                for (Truncates truncates : Truncates.values()) {
                    mappings.add(mapping(
                            others,
                            MissingMembers.DEFAULT,
                            new Changes(null, Envelope.DEBEZIUM, tombstones, truncates)));
                }
                mappings.add(mapping(
                        others,
                        MissingMembers.KEEP,
                        new Changes(OPERATION, Envelope.NONE, tombstones, Truncates.REFUSE)));
            }
        }
        return mappings;
    }

    private static OtherMembers into() {
        return new OtherMembers(null, "rest");
    }

    private static Mapping mapping(OtherMembers others, MissingMembers missing, Changes changes) {
        List<MappedColumn> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add(column("c" + i, ColumnSource.of("/" + (char) ('a' + i)), TYPES.get(i)));
        }
        columns.add(column("deep", ColumnSource.of("/x/0/y"), "text"));
        for (EpochUnit unit : EpochUnit.values()) {
            for (String type : List.of("date", "time without time zone", "timestamp with time zone", "interval")) {
                columns.add(column(unit + type, new ColumnSource("/t" + unit.name(), null, unit, null), type));
            }
        }
        for (StringEncoding encoding : StringEncoding.values()) {
            columns.add(column(
                    encoding.name(),
                    new ColumnSource("/e" + encoding.name(), null, null, encoding),
                    encoding == StringEncoding.JSON ? "jsonb" : "bytea"));
        }
        columns.add(column("rest", ColumnSource.of("/rest"), "jsonb"));
        return new Mapping(columns, others, missing, List.of("c0"), changes);
    }

    private static MappedColumn column(String name, ColumnSource source, String type) {
        char category = type.endsWith("[]") ? 'A' : type.equals("hstore") ? 'U' : 'S';
        return new MappedColumn(name, source, new ColumnType(type, category, false, "%s", "%s"));
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] record = scanned(Arrays.copyOfRange(data, 1, data.length));
        if (record.length > 0) {
            Mapping mapping = MAPPINGS.get((data[0] & 0xFF) % MAPPINGS.size());
            check(mapping, new SinkRecord(3, record));
            NewColumns.guessed(List.of(new SinkRecord(3, record)));
        }
    }

    /* Nothing comes here that the scanner has not taken. */
    private static byte[] scanned(byte[] body) {
        try {
            JsonScanner scanner = new JsonScanner(new ByteArrayInputStream(body), LIMITS, JsonScanner.Form.DOCUMENT);
            scanner.scanValue();
            byte[] value = Arrays.copyOfRange(scanner.buffer(), scanner.start(), scanner.start() + scanner.length());
            return scanner.peek() == MalformedJson.END ? value : new byte[0];
        } catch (MalformedJson e) {
            return new byte[0];
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(Mapping mapping, SinkRecord record) {
        RowReader judge = mapping.reader();
        judge.read(record);
        Optional<RejectedRecord> refused = judge.refused();
        boolean thrown = false;
        try {
            RowReader reader = mapping.reader();
            reader.read(record);
            while (reader.next()) {
                if (reader.change() == Change.WRITE) {
                    row(mapping, reader);
                }
            }
        } catch (SinkException e) {
            thrown = true;
        }
        Refusal.require(!thrown || refused.isPresent(), "it is refused when it is written only");
    }

    private static void row(Mapping mapping, RowReader reader) {
        reader.requireNothingElse();
        reader.defaults(new BitSet());
        reader.newColumns(new NewColumns());
        for (int i = 0; i < mapping.columns().size(); i++) {
            Text text = new Text(16);
            boolean written = reader.write(i, text);
            Refusal.require(written || text.length() == 0 || i == mapping.leftOver(), "a NULL has a text: " + text);
            Text field = new Text(16);
            if (mapping.binary(i) && reader.writeBinary(i, field)) {
                int length = ByteBuffer.wrap(field.bytes()).getInt();
                Refusal.require(
                        length == (written ? field.length() - Integer.BYTES : -1),
                        "a field of " + field.length() + " bytes says " + length);
            }
        }
    }
}
