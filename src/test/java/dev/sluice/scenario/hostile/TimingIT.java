package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import dev.sluice.scenario.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a refusal takes does not tell whether there is what was asked for. Both kinds are asked in turn, so that
 * whatever else the machine does is in both; what is compared is what the faster quarter takes.
 */
class TimingIT {

    private static final int PAIRS = 3_000;
    private static final int WARM = 1_000;
    /* A few microseconds of a request's hundred and more: what a look at the database would take is far beyond. */
    private static final double MOST = 0.2;
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    private static InProcess service;
    private static String id;
    private static String ofOther;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        service = InProcess.start(
                "sluice.keys.administrator-file=" + file,
                "sluice.sinks.unseen.type=table",
                "sluice.sinks.unseen.partitions=0",
                "sluice.sinks.other.type=table",
                "sluice.sinks.other.partitions=0");
        Client admin = service.client().as(Files.readString(file).strip());
        Answer made = admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"other\",\"verbs\":[\"write\",\"read\"]}]}");
        id = made.text("id");
        ofOther = made.text("key");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /* The form and the check are right, the secret is not. */
    private static String keyOf(String ofId) {
        String body = "slk_" + ofId + "_" + "a2".repeat(26) + "_";
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder check = new StringBuilder();
        for (int i = 6; i >= 0; i--) {
            check.append(DIGITS.charAt((int) (crc.getValue() >>> (5 * i)) & 31));
        }
        return body + check;
    }

    private static String get(String path, String key) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
    }

    private static String batch(String sink) {
        return "POST /sinks/" + sink + "/partitions/0?offset=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + ofOther + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 2\r\n\r\n1\n";
    }

    @Test
    void ofKeysWhoseIdIsKnown() throws IOException {
        String unknown = "zzzzzzzz";
        assertThat(unknown).isNotEqualTo(id);
        isAlike("key ids", get("/sinks", keyOf(id)), get("/sinks", keyOf(unknown)), "HTTP/1.1 401");
    }

    @Test
    void ofSinksThatOthersHave() throws IOException {
        isAlike("sinks", get("/sinks/unseen", ofOther), get("/sinks/nobody", ofOther), "HTTP/1.1 404");
    }

    @Test
    void ofBatchesForSinksThatOthersHave() throws IOException {
        isAlike("batches", batch("unseen"), batch("nobody"), "HTTP/1.1 404");
    }

    private static void isAlike(String what, String known, String unknown, String status) throws IOException {
        long[] ofKnown = new long[PAIRS];
        long[] ofUnknown = new long[PAIRS];
        try (RawConnection connection = new RawConnection(service.client().port())) {
            for (int i = -WARM; i < PAIRS; i++) {
                long first = nanos(connection, i % 2 == 0 ? known : unknown, status);
                long second = nanos(connection, i % 2 == 0 ? unknown : known, status);
                if (i >= 0) {
                    ofKnown[i] = i % 2 == 0 ? first : second;
                    ofUnknown[i] = i % 2 == 0 ? second : first;
                }
            }
        }
        double one = quarter(ofKnown);
        double other = quarter(ofUnknown);
        System.out.printf("%s: known %.1f µs, unknown %.1f µs%n", what, one, other);
        assertThat(Math.abs(one - other) / Math.min(one, other))
                .as("%s: known %.1f µs, unknown %.1f µs", what, one, other)
                .isLessThan(MOST);
    }

    private static long nanos(RawConnection connection, String request, String status) throws IOException {
        long begin = System.nanoTime();
        String answer = connection.send(request).answer();
        long taken = System.nanoTime() - begin;
        assertThat(answer).startsWith(status);
        return taken;
    }

    private static double quarter(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 4] / 1_000.0;
    }
}
