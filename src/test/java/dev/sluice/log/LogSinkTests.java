package dev.sluice.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LogSinkTests {

    private static final LogSinkProperties SETTINGS = new LogSinkProperties();

    private final List<String> writes = new ArrayList<>();
    private final LogSinkType type = new LogSinkType(new PrintStream(new Recorder(), false, StandardCharsets.UTF_8));

    /** Keeps each write that comes down to the output. */
    private final class Recorder extends ByteArrayOutputStream {
        @Override
        public void flush() {
            if (size() > 0) {
                writes.add(toString(StandardCharsets.UTF_8));
                reset();
            }
        }
    }

    private static SinkRecord record(long offset, String json) {
        return new SinkRecord(offset, json.getBytes(StandardCharsets.UTF_8));
    }

    private StatefulSinkPartition<SinkRecord, Void> partition(LogSinkType of) {
        return of.create("seen", List.of("p:1"), SETTINGS).buildPart("seen", "p:1", null);
    }

    @Test
    void writesTheLinesOfABatchAtOnce() {
        partition(type).writeBatch(List.of(record(7, "{\"a\": \"é\"}"), record(9, "[]")));
        assertThat(writes).containsExactly("seen/p:1 7 {\"a\": \"é\"}\nseen/p:1 9 []\n");
    }

    @Test
    void writesAWorkersRecordsWithoutOffsets() {
        type.createDynamic("seen", SETTINGS).build("seen", 3, 4).writeBatch(List.of(record(0, "1"), record(0, "2")));
        assertThat(writes).containsExactly("seen.worker_3 1\nseen.worker_3 2\n");
    }

    @Test
    void keepsARecordOnItsLine() {
        partition(type).writeBatch(List.of(record(0, "{\r\n\t\"a\":\n1}")));
        assertThat(writes).containsExactly("seen/p:1 0 {  \t\"a\": 1}\n");
    }

    @Test
    void letsNoRecordDriveATerminal() {
        partition(type).writeBatch(List.of(record(0, "\"\u0080\u009b31m\u009f\u007f\u00a0Â\"")));
        assertThat(writes).containsExactly("seen/p:1 0 \"\\u0080\\u009b31m\\u009f\\u007f\u00a0Â\"\n");
    }

    @Test
    void writesNothingForNoRecords() {
        partition(type).writeBatch(List.of());
        assertThat(writes).isEmpty();
    }

    @Test
    void tellsThatStandardOutputIsBroken() {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        StatefulSinkPartition<SinkRecord, Void> partition = partition(new LogSinkType(broken));
        assertThatExceptionOfType(SinkException.class)
                .isThrownBy(() -> partition.writeBatch(List.of(record(0, "1"))))
                .withMessageContaining("standard output")
                .extracting(SinkException::disposition)
                .isEqualTo(Disposition.UNAVAILABLE);
    }

    @Test
    void promisesAtLeastOnceAndNeedsNoSettings() {
        LogSinkProperties bound = new Binder(new MapConfigurationPropertySource(Map.of("x.type", "log")))
                .bindOrCreate("x", Bindable.of(type.settingsType()));
        assertThat(type.guarantee(bound)).isEqualTo(Guarantee.AT_LEAST_ONCE);
        assertThat(type.takesAnyOrder(bound)).isFalse();
        assertThat(type.name()).isEqualTo("log");
    }
}
