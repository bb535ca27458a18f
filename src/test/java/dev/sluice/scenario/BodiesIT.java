package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.sluice.batch.SpoolStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every form a body can come in, and every limit it can run into. */
class BodiesIT {

    private static InProcess service;
    private static Client client;
    private static int used;

    private String part;
    private String path;

    @BeforeAll
    static void start() {
        StringBuilder partitions = new StringBuilder("b0");
        for (int i = 1; i < 40; i++) {
            partitions.append(",b").append(i);
        }
        service = InProcess.start(
                "sluice.sinks.text.type=table",
                "sluice.sinks.text.partitions=" + partitions,
                "sluice.sinks.text.data-type=text",
                "sluice.sinks.jsonb.type=table",
                "sluice.sinks.jsonb.partitions=" + partitions,
                "sluice.limits.body-size=8MB",
                "sluice.limits.record-size=100KB",
                "sluice.limits.string-size=50KB",
                "sluice.limits.records=20000",
                "sluice.spool.memory-per-batch=64KB",
                "sluice.spool.memory=1MB");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takePartition() {
        part = "b" + used++;
        path = partition("text", part);
    }

    private String stored() {
        return String.join(
                "|",
                service.query("select source_offset || '=' || data from text where partition_id = '" + part
                        + "' order by source_offset"));
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private Answer post(String query, String type, byte[] body, String coding) {
        return client.post(path + query, type, BodyPublishers.ofByteArray(body), "Content-Encoding", coding);
    }

    @Test
    void storesTheRawBytesOfEachRecord() {
        client.post(path + "?offset=0", JSON, " [ {\"a\" : 1.50} ,\n\t\"é\\u00e9\" , 1E2, null,[ ] ] ")
                .isWritten("committed");
        assertThat(stored()).isEqualTo("0={\"a\" : 1.50}|1=\"é\\u00e9\"|2=1E2|3=null|4=[ ]");
    }

    @Test
    void takesTheMembersOfABatchInAnyOrder() {
        client.post(path, JSON, "{\"records\":[1,2],\"offset\":0}").isWritten("committed");
        client.post(path, JSON, "{\"records\":[3,4],\"end\":9,\"offsets\":[5,7],\"first\":2}")
                .isWritten("committed")
                .has("offset", 2)
                .has("end", 9)
                .has("nextOffset", 9);
        assertThat(stored()).isEqualTo("0=1|1=2|5=3|7=4");
    }

    @Test
    void takesNdjsonWithAndWithoutItsLastLineFeed() {
        client.post(path + "?offset=0", NDJSON, "1\n\n  \r\n{\"a\":[1,2]} \r\n\"x\"")
                .isWritten("committed");
        client.post(path + "?offset=3", "application/jsonl", "4\n").isWritten("committed");
        client.post(path + "?offset=4", NDJSON, "").isProblem(400, "malformed-batch");
        client.post(path + "?offsets=inline&first=4&end=9", NDJSON, "\n").isProblem(400, "malformed-batch");
        assertThat(stored()).isEqualTo("0=1|1={\"a\":[1,2]}|2=\"x\"|3=4");
    }

    @Test
    void takesNumberedLines() {
        client.post(
                        path + "?offsets=inline&first=0&end=10",
                        NDJSON,
                        "{\"offset\":2,\"value\":{\"a\":1}}\n{\"value\":[7],\"offset\":5}\n")
                .isWritten("committed")
                .has("written", 2)
                .has("nextOffset", 10);
        for (String line : new String[] {
            "{\"offset\":11}",
            "{\"value\":11}",
            "{\"offset\":11,\"value\":1,\"x\":2}",
            "{\"offset\":11,\"offset\":12,\"value\":1}",
            "{\"offset\":-1,\"value\":1}",
            "{\"offset\":11,\"value\":1} 2",
            "[11,1]",
            "{\"offset\":12,\"value\":1}\n{\"offset\":11,\"value\":1}"
        }) {
            client.post(path + "?offsets=inline&first=10&end=20", NDJSON, line).isProblem(400, "malformed-batch");
        }
        client.post(path + "?offsets=inline&first=10", NDJSON, "").isProblem(400, "malformed-batch");
        client.post(path + "?offsets=some&first=10&end=20", NDJSON, "").isProblem(400, "malformed-batch");
        assertThat(stored()).isEqualTo("2={\"a\":1}|5=[7]");
    }

    @Test
    void takesGzipEvenInSeveralMembers() {
        byte[] first = gzip("1\n2\n");
        byte[] second = gzip("3\n");
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        post("?offset=0", NDJSON, both, "gzip").isWritten("committed").has("written", 3);
        assertThat(stored()).isEqualTo("0=1|1=2|2=3");
        client.post(path + "?offset=0", NDJSON, "1\n2\n3\n").isWritten("duplicate");
    }

    @Test
    void takesZstd() {
        byte[] body = Zstd.compress("{\"offset\":0,\"records\":[1,2]}".getBytes(StandardCharsets.UTF_8));
        post("", JSON, body, "zstd").isWritten("committed").has("written", 2);
    }

    @Test
    void writesNothingOfABrokenCompression() {
        byte[] gzip = gzip("1\n2\n3\n");
        post("?offset=0", NDJSON, Arrays.copyOf(gzip, gzip.length - 5), "gzip").isProblem(400, "malformed-batch");
        byte[] corrupt = gzip.clone();
        corrupt[gzip.length - 6] ^= 1;
        post("?offset=0", NDJSON, corrupt, "gzip").isProblem(400, "malformed-batch");
        byte[] zstd = Zstd.compress("1\n2\n3\n".getBytes(StandardCharsets.UTF_8));
        post("?offset=0", NDJSON, Arrays.copyOf(zstd, zstd.length - 2), "zstd").isProblem(400, "malformed-batch");
        post("?offset=0", NDJSON, gzip, "gzip, gzip").isProblem(415, "unsupported-media-type");
        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesABodyThatIsTooLargeOnceDecompressed() {
        String line = "\"" + "x".repeat(1_000) + "\"\n";
        post("?offset=0", NDJSON, gzip(line.repeat(9_000)), "gzip").isProblem(413, "too-large");
        client.post(path + "?offset=0", NDJSON, line.repeat(9_000)).isProblem(413, "too-large");
        client.post(path + "?offset=0", NDJSON, "1\n".repeat(20_001))
                .isProblem(413, "too-large")
                .has("index", 20_000);
        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesWhatDecompressesToFarMoreThanWasSent() {
        String line = "\"" + "x".repeat(40_000) + "\"\n";
        Answer answer =
                post("?offset=0", NDJSON, gzip(line.repeat(100)), "gzip").isProblem(413, "too-large");
        assertThat(answer.text("detail")).contains("decompression-ratio");
    }

    @Test
    void refusesRecordsBeyondTheLimitsAndNamesTheLimit() {
        String[][] cases = {
            {
                "[" + "\"" + "x".repeat(45_000) + "\"," + "\"" + "x".repeat(45_000) + "\"," + "\"" + "x".repeat(45_000)
                        + "\"]",
                "record-size"
            },
            {"\"" + "x".repeat(60_000) + "\"", "string-size"},
            {"[".repeat(501) + "]".repeat(501), "depth"},
            {"1".repeat(1_001), "number-length"},
            {"1e100000", "exponent"},
            {"1e-401", "exponent"}
        };
        for (String[] wrong : cases) {
            Answer answer = client.post(path + "?offset=5", NDJSON, "1\n" + wrong[0] + "\n")
                    .isProblem(413, "too-large")
                    .has("index", 1)
                    .has("offset", 6)
                    .has("line", 2);
            assertThat(answer.text("detail")).contains("sluice.limits." + wrong[1]);
        }
    }

    @Test
    void spoolsWhatDoesNotFitIntoMemory() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 15_000; i++) {
            lines.append("{\"i\":")
                    .append(i)
                    .append(",\"pad\":\"")
                    .append("y".repeat(i % 400))
                    .append("\"}\n");
        }
        client.post(path + "?offset=0", NDJSON, lines.toString())
                .isWritten("committed")
                .has("written", 15_000);
        assertThat(service.query("select string_agg(data, E'\\n' order by source_offset) || E'\\n' = '" + lines
                        + "' from text where partition_id = '" + part + "'"))
                .containsExactly("t");
        client.post(path + "?offset=0", NDJSON, lines.toString())
                .isWritten("duplicate")
                .has("verified", true);
        assertThat(service.bean(SpoolStorage.class).memoryUsed()).isZero();
        assertThat(service.bean(SpoolStorage.class).diskUsed()).isZero();
    }

    @Test
    void givesBackWhatItHeldForARefusedBody() {
        client.post(path + "?offset=0", NDJSON, "\"" + "x".repeat(40_000) + "\"\n[\n")
                .isProblem(400, "malformed-batch");
        assertThat(service.bean(SpoolStorage.class).memoryUsed()).isZero();
    }

    @Test
    void letsJsonTextTakeWhatJsonbRefuses() {
        client.batch("text", part, 0, "\"\\u0000\",\"\\ud800\"").isWritten("committed");
        client.batch("jsonb", part, 0, "\"\\\\u0000\",\"\\ud83d\\ude00\"").isWritten("committed");
        client.batch("jsonb", part, 2, "\"\\u0000\"").isProblem(422, "record-rejected");
    }

    @Test
    void storesEveryNumberWithinTheLimitsAsJsonb() {
        client.batch("jsonb", part, 0, "1e400,-1e-400," + "9".repeat(1_000) + ",0.1,-0,1E+2")
                .isWritten("committed")
                .has("written", 6);
    }
}
