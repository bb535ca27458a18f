package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A body of 1 GiB with a small heap: memory does not grow with the body. */
class LargeBodyIT {

    private static final Logger log = LoggerFactory.getLogger(LargeBodyIT.class);
    private static final int RECORDS = 32 * 1024;
    private static final int RECORD_BYTES = 32 * 1024;

    @Test
    void takesOneGibibyteInOneBatch(@TempDir Path directory) throws IOException {
        Database database = PostgresForTests.freshDatabase();
        try (ServiceProcess service = ServiceProcess.on(
                database,
                directory,
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                "sluice.sinks.large.type=table",
                "sluice.sinks.large.partitions=0",
                "sluice.sinks.large.data-type=text")) {
            service.client()
                    .post(
                            Client.partition("large", "0") + "?offset=0",
                            Client.NDJSON,
                            BodyPublishers.ofInputStream(LargeBodyIT::body))
                    .isWritten("committed")
                    .has("written", RECORDS);
            log.info("memory of the service after 1 GiB: {}", peakMemory(service.pid()));
            assertThat(InProcess.query(
                            database, "select count(*), sum(length(data)), min(data) < max(data) from large"))
                    .containsExactly(RECORDS + " " + (long) RECORDS * (RECORD_BYTES - 1) + " t");
        }
    }

    private static String peakMemory(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return "unknown on this system";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElse("unknown");
    }

    private static InputStream body() {
        String pad = "x".repeat(RECORD_BYTES);
        Enumeration<InputStream> lines = Collections.enumeration(new AbstractList<>() {
            @Override
            public InputStream get(int index) {
                String number = "\"" + index + " ";
                String line = number + pad.substring(0, RECORD_BYTES - number.length() - 2) + "\"\n";
                return new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public int size() {
                return RECORDS;
            }
        });
        return new SequenceInputStream(lines);
    }
}
