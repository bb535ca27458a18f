package dev.sluice.bench.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.data.Uuid;
import io.debezium.time.MicroTimestamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * Reads the values of {@link Encoding#FLIGHTS}: all members at fixed places, the id first and the note last, so that
 * nothing is searched or parsed. One schema object for all records, as in {@link EventConverter}. Public, because
 * Connect makes it by its name.
 */
public final class FlightConverter implements Converter {

    private static final int ID = 36;
    private static final int AIRPORT = 3;
    private static final int CARRIER = 2;
    private static final int HEAD = ID + Long.BYTES + 2 * Integer.BYTES + 2 * AIRPORT + CARRIER;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("flight")
            .field("id", Uuid.schema())
            .field("date", MicroTimestamp.schema())
            .field("delay", Schema.INT32_SCHEMA)
            .field("distance", Schema.INT32_SCHEMA)
            .field("origin", Schema.STRING_SCHEMA)
            .field("destination", Schema.STRING_SCHEMA)
            .field("carrier", Schema.STRING_SCHEMA)
            .field("note", Schema.STRING_SCHEMA)
            .build();

    /** Makes a value from a flight as JSON. */
    static byte[] value(String json) {
        try {
            JsonNode flight = MAPPER.readTree(json);
            byte[] note = bytes(flight, "note");
            long date = ChronoUnit.MICROS.between(
                    LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC),
                    LocalDateTime.parse(flight.required("date").textValue()));
            return ByteBuffer.allocate(HEAD + note.length)
                    .put(bytes(flight, "id"), 0, ID)
                    .putLong(date)
                    .putInt(flight.required("delay").intValue())
                    .putInt(flight.required("distance").intValue())
                    .put(bytes(flight, "origin"), 0, AIRPORT)
                    .put(bytes(flight, "destination"), 0, AIRPORT)
                    .put(bytes(flight, "carrier"), 0, CARRIER)
                    .put(note)
                    .array();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The id of a flight in such a value. */
    static String id(byte[] value) {
        return ascii(value, 0, ID);
    }

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
        ByteBuffer numbers = ByteBuffer.wrap(value).position(ID);
        Struct flight = new Struct(SCHEMA)
                .put("id", id(value))
                .put("date", numbers.getLong())
                .put("delay", numbers.getInt())
                .put("distance", numbers.getInt());
        int at = numbers.position();
        flight.put("origin", ascii(value, at, AIRPORT))
                .put("destination", ascii(value, at + AIRPORT, AIRPORT))
                .put("carrier", ascii(value, at + 2 * AIRPORT, CARRIER))
                .put("note", new String(value, HEAD, value.length - HEAD, StandardCharsets.UTF_8));
        return new SchemaAndValue(SCHEMA, flight);
    }

    private static byte[] bytes(JsonNode flight, String member) {
        return flight.required(member).textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static String ascii(byte[] value, int from, int length) {
        return new String(value, from, length, StandardCharsets.US_ASCII);
    }
}
