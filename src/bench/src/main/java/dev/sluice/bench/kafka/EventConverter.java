package dev.sluice.bench.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Reads the values of {@link Encoding#LEAN}: the offset in 8 bytes, the length of the partition's name in one, the name
 * and the JSON text, which is never parsed. One schema object for all records: Debezium compares them, and the same
 * object is the cheapest to compare. Public, because Connect makes it by its name.
 */
public final class EventConverter implements Converter {

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("event")
            .field("partition_id", Schema.STRING_SCHEMA)
            .field("source_offset", Schema.INT64_SCHEMA)
            .field(
                    "data",
                    SchemaBuilder.string()
                            .name(Encoding.JSON_TYPE)
                            .version(1)
                            .parameter(Encoding.COLUMN_TYPE_PARAMETER, Encoding.COLUMN_TYPE)
                            .build())
            .build();

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        // Nothing to set.
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        throw new DataException("made for a sink, which only reads");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        int length = value[Long.BYTES];
        int data = Long.BYTES + 1 + length;
        Struct event = new Struct(SCHEMA)
                .put("partition_id", new String(value, Long.BYTES + 1, length, StandardCharsets.US_ASCII))
                .put("source_offset", ByteBuffer.wrap(value).getLong())
                .put("data", new String(value, data, value.length - data, StandardCharsets.UTF_8));
        return new SchemaAndValue(SCHEMA, event);
    }
}
