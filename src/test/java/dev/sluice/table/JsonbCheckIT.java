package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PostgreSQL itself decides what is right. */
@Tag("conformance")
class JsonbCheckIT {

    private static final String[] PARTS = {
        "\\u0000", "\\ud83d", "\\ude00", "\\uD83D", "\\uDE00", "\\\\", "\\n", "\\\"", "u0000", "x", "é", "\\u0041",
        "\\uFFFF"
    };

    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    @Test
    void refusesWhatPostgresqlRefusesAndNothingElse() throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = PostgresForTests.freshDatabase().connect();
                PreparedStatement cast = connection.prepareStatement("select ?::text::jsonb")) {
            for (int i = 0; i < 5_000; i++) {
                StringBuilder value = new StringBuilder("{\"k\":\"");
                for (int part = random.nextInt(6); part >= 0; part--) {
                    value.append(PARTS[random.nextInt(PARTS.length)]);
                }
                String json = value.append("\"}").toString();
                SinkRecord record = new SinkRecord(i, json.getBytes(StandardCharsets.UTF_8));
                assertThat(JsonbCheck.check(record).isEmpty())
                        .as("seed " + seed + ": " + json)
                        .isEqualTo(accepts(cast, json));
            }
        }
    }

    private static boolean accepts(PreparedStatement cast, String json) {
        try {
            cast.setString(1, json);
            cast.execute();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
