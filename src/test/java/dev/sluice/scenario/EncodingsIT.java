package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that are not in UTF-8: what their encoding cannot hold is told by record, all else works. */
class EncodingsIT {

    private static final String ACCENT = "\"caf\u00e9\"";
    private static final String HAN = "\"\u6f22\"";
    private static final String ESCAPED_HAN = "\"\\u6f22\"";

    @TempDir
    Path directory;

    @Test
    void worksInLatin1AndNamesTheRecordsThatItCannotHold() throws IOException {
        try (InProcess service = start("LATIN1")) {
            Client client = service.client();
            for (String sink : List.of("binary", "json", "text")) {
                client.batch(sink, "0", 0, ACCENT).isWritten("committed");
                refuses(client, sink, 1, "1," + HAN + ",2", 2);
                client.batch(sink, "0", 1, ACCENT).isWritten("committed");
                assertThat(service.query("select data::text from public." + sink + " order by source_offset"))
                        .containsExactly(ACCENT, ACCENT);
            }
            // A large batch goes another way into the table.
            String many = IntStream.range(0, 200).mapToObj(i -> ACCENT).collect(Collectors.joining(","));
            client.batch("text", "0", 2, many).isWritten("committed");
            refuses(client, "text", 202, many + "," + HAN, 402);
            // An escape is text for json and text, and a character for jsonb.
            refuses(client, "binary", 2, ESCAPED_HAN, 2);
            client.batch("json", "0", 2, ESCAPED_HAN).isWritten("committed");
            worksBesideTables(client);
            client.open("text", "0", "{\"owner\":\"\u6f22\"}").isProblem(400, "malformed-request");
            assertThat(client.open("text", "0", "{\"owner\":\"caf\u00e9\"}").text("owner"))
                    .isEqualTo("caf\u00e9");
            assertThat(client.get("/actuator/health").status()).isEqualTo(200);
        }
    }

    @Test
    void worksInSqlAsciiWhichTakesBytesAsTheyCome() throws IOException {
        try (InProcess service = start("SQL_ASCII")) {
            Client client = service.client();
            for (String sink : List.of("binary", "json", "text")) {
                client.batch(sink, "0", 0, ACCENT + "," + HAN).isWritten("committed");
                assertThat(service.query("select data::text from public." + sink + " order by source_offset"))
                        .containsExactly(ACCENT, HAN);
            }
            refuses(client, "binary", 2, "1," + ESCAPED_HAN, 3);
            client.batch("json", "0", 2, ESCAPED_HAN).isWritten("committed");
            worksBesideTables(client);
            assertThat(client.open("text", "0", "{\"owner\":\"\u6f22\"}").text("owner"))
                    .isEqualTo("\u6f22");
        }
    }

    @Test
    void worksInAnEncodingOfAnotherScript() throws IOException {
        try (InProcess service = start("EUC_JP")) {
            Client client = service.client();
            client.batch("text", "0", 0, HAN).isWritten("committed");
            client.batch("binary", "0", 0, ESCAPED_HAN).isWritten("committed");
            refuses(client, "text", 1, "\"\ud83d\ude00\"", 1);
            worksBesideTables(client);
        }
    }

    private InProcess start(String encoding) {
        return InProcess.on(
                PostgresForTests.freshDatabase(encoding),
                List.of(),
                "sluice.sinks.binary.type=table",
                "sluice.sinks.binary.table=binary",
                "sluice.sinks.binary.partitions=0",
                "sluice.sinks.json.type=table",
                "sluice.sinks.json.table=json",
                "sluice.sinks.json.data-type=json",
                "sluice.sinks.json.partitions=0",
                "sluice.sinks.text.type=table",
                "sluice.sinks.text.table=text",
                "sluice.sinks.text.data-type=text",
                "sluice.sinks.text.partitions=0",
                "sluice.sinks.lines.type=file",
                "sluice.sinks.lines.directory=" + directory,
                "sluice.sinks.lines.partitions=0",
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=lines",
                "sluice.sinks.buffer.flush-interval=50ms");
    }

    private static void refuses(Client client, String sink, long first, String records, long bad) {
        Answer answer = client.batch(sink, "0", first, records).isProblem(422, "record-rejected");
        assertThat(answer.body().at("/rejected/0/offset").longValue()).isEqualTo(bad);
        assertThat(answer.body().at("/rejected/0/code").stringValue()).isIn("22P05", "22021");
        assertThat(answer.body().path("rejected")).hasSize(1);
        assertThat(client.snapshot(sink, "0").number("nextOffset")).isEqualTo(first);
    }

    /* Buffers, files, definitions, receipts: none of them rests on the encoding. */
    private void worksBesideTables(Client client) throws IOException {
        client.batch("buffer", "0", 0, ACCENT + "," + HAN).isWritten("committed");
        await().untilAsserted(() ->
                assertThat(client.snapshot("lines", "0").number("nextOffset")).isEqualTo(2));
        assertThat(Files.readAllLines(directory.resolve("0.ndjson"))).containsExactly(ACCENT, HAN);
        client.batch("buffer", "0", 0, ACCENT + "," + HAN)
                .isWritten("duplicate")
                .has("verified", true);
        Answer put = client.put(
                "/sinks/told",
                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:9/\","
                        + "\"headers\":{\"X-Name\":\"caf\u00e9 \u6f22\"}}");
        assertThat(put.status()).as(put.body().toString()).isIn(201, 422);
        Answer table = client.put("/sinks/named", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"\u6f22\"}");
        assertThat(table.status()).as(table.body().toString()).isIn(201, 422);
    }
}
