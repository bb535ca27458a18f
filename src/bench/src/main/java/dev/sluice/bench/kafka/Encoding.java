package dev.sluice.bench.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How a row travels through Kafka: as the value of a record, without a key. */
enum Encoding {

    /** The least a converter has to do: see {@link EventConverter}. Nothing that comes with Kafka is as fast. */
    LEAN {
        @Override
        byte[] payload(String json) {
            return json.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        byte[] value(byte[] partition, long offset, byte[] payload) {
            return ByteBuffer.allocate(Long.BYTES + 1 + partition.length + payload.length)
                    .putLong(offset)
                    .put((byte) partition.length)
                    .put(partition)
                    .put(payload)
                    .array();
        }

        @Override
        Map<String, String> settings() {
            return Map.of("value.converter", EventConverter.class.getName());
        }
    },

    /** What Kafka brings: its JSON converter, with the schema in its settings (KIP-1054), not in each record. */
    JSON {
        @Override
        byte[] payload(String json) {
            try {
                return new ObjectMapper().writeValueAsBytes(json);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        byte[] value(byte[] partition, long offset, byte[] payload) {
            byte[] number = Long.toString(offset).getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(HEAD.length
                            + partition.length
                            + MIDDLE.length
                            + number.length
                            + TAIL.length
                            + payload.length
                            + 1)
                    .put(HEAD)
                    .put(partition)
                    .put(MIDDLE)
                    .put(number)
                    .put(TAIL)
                    .put(payload)
                    .put((byte) '}')
                    .array();
        }

        @Override
        Map<String, String> settings() {
            return Map.of(
                    "value.converter",
                    "org.apache.kafka.connect.json.JsonConverter",
                    "value.converter.schemas.enable",
                    "true",
                    "value.converter.schema.content",
                    SCHEMA);
        }
    },

    /** Flights with columns of their own; later ones replace those of the same id. See {@link FlightConverter}. */
    FLIGHTS {
        @Override
        byte[] payload(String json) {
            return FlightConverter.value(json);
        }

        @Override
        byte[] value(byte[] partition, long offset, byte[] payload) {
            return payload;
        }

        @Override
        Map<String, String> settings() {
            return Map.of("value.converter", FlightConverter.class.getName(), "primary.key.fields", "id");
        }
    };

    /** Tells Debezium that the text is JSON, and the column jsonb rather than json. */
    static final String JSON_TYPE = "io.debezium.data.Json";

    static final String COLUMN_TYPE_PARAMETER = "__debezium.source.column.type";
    static final String COLUMN_TYPE = "JSONB";

    private static final byte[] HEAD = "{\"partition_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MIDDLE = "\",\"source_offset\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = ",\"data\":".getBytes(StandardCharsets.US_ASCII);

    private static final String SCHEMA = "{\"type\":\"struct\",\"name\":\"event\",\"optional\":false,\"fields\":["
            + "{\"field\":\"partition_id\",\"type\":\"string\",\"optional\":false},"
            + "{\"field\":\"source_offset\",\"type\":\"int64\",\"optional\":false},"
            + "{\"field\":\"data\",\"type\":\"string\",\"optional\":false,\"name\":\"" + JSON_TYPE + "\",\"version\":1,"
            + "\"parameters\":{\"" + COLUMN_TYPE_PARAMETER + "\":\"" + COLUMN_TYPE + "\"}}]}";

    /** The part of a value that can be made before the time is taken. */
    abstract byte[] payload(String json);

    /** A whole value; {@code partition} is ASCII. */
    abstract byte[] value(byte[] partition, long offset, byte[] payload);

    /** Of the connector, to read such values. */
    abstract Map<String, String> settings();
}
