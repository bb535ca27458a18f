package com.example.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditEntryTests {

    private static final AuditSettings SETTINGS = new AuditSettings("audit", "user", "did", "at");

    private static AuditEntry read(String json) {
        return AuditEntry.read(new SinkRecord(7, json.getBytes(StandardCharsets.UTF_8)), SETTINGS);
    }

    private static RejectedRecord rejection(String json) {
        SinkException e = catchThrowableOfType(SinkException.class, () -> read(json));
        assertThat(e.rejected()).hasSize(1);
        assertThat(e.rejected().get(0).offset()).isEqualTo(7);
        return e.rejected().get(0);
    }

    @Test
    void readsTheFieldsThatTheSettingsName() {
        String json = "{\"user\": \"Zoë\", \"did\": \"log in\", \"at\": \"2026-11-22T17:29:11.5Z\", \"more\": 1e999}";
        assertThat(read(json))
                .isEqualTo(new AuditEntry(7, "Zoë", "log in", Instant.parse("2026-11-22T17:29:11.5Z"), json));
    }

    @Test
    void namesTheFieldAtFault() {
        assertThat(rejection("{\"did\":\"x\"}").field()).isEqualTo("user");
        assertThat(rejection("{\"user\":7}").message()).isEqualTo("user must be a text, but is none");
        assertThat(rejection("{\"user\":\"\\u0000\"}").message()).contains("U+0000");
        assertThat(rejection("{\"user\":\"\\ud800\"}").message()).contains("surrogate");
        assertThat(rejection("{\"user\":\"a\",\"did\":\" \"}").field()).isEqualTo("did");
        assertThat(rejection("{\"user\":\"a\",\"did\":\"b\",\"at\":\"noon\"}").field())
                .isEqualTo("at");
        assertThat(rejection("{\"user\":\"a\",\"did\":\"b\",\"at\":\"+12345-01-01T00:00:00Z\"}")
                        .field())
                .isEqualTo("at");
    }

    @Test
    void refusesWhatIsNotOneObject() {
        assertThat(rejection("[]").message()).isEqualTo("user must be a text, but is missing");
        assertThat(rejection("{\"user\":\"a\",\"user\":\"b\"}").message()).containsIgnoringCase("duplicate");
    }
}
