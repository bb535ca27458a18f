package dev.sluice.column;

import dev.sluice.fuzz.Refusal;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Keys of deleted records, as whoever sent them wrote them: which row is gone, or that they do not say so. */
public final class KeysFuzz {

    private static final Mapping ONE = mapping(List.of("id"));
    private static final Mapping TWO = mapping(List.of("id", "at"));

    private KeysFuzz() {}

    private static Mapping mapping(List<String> key) {
        return new Mapping(
                List.of(column("id", "bigint"), column("at", "timestamp with time zone"), column("name", "text")),
                OtherMembers.of("ignore"),
                MissingMembers.DEFAULT,
                key,
                new Changes(null, Envelope.NONE, Tombstones.BY_KEY, Truncates.REFUSE));
    }

    private static MappedColumn column(String name, String type) {
        return new MappedColumn(name, ColumnSource.named(name), new ColumnType(type, 'N', false, "%s", "%s"));
    }

    public static void fuzzerTestOneInput(byte[] data) {
        String key = new String(data, StandardCharsets.UTF_8);
        SinkRecord record = new SinkRecord(3, JsonMapper.shared().writeValueAsBytes(key));
        for (Mapping mapping : List.of(ONE, TWO)) {
            RowReader judge = mapping.reader();
            judge.read(record);
            if (judge.refused().isEmpty()) {
                RowReader reader = mapping.reader();
                reader.read(record);
                Refusal.require(reader.next(), "it says that nothing is gone");
                Refusal.require(reader.change() == Change.DELETE, "it says that a row is written");
                reader.write(0, new Text(16));
            }
        }
    }
}
