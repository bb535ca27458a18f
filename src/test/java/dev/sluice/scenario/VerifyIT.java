package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every record that was changed, lost or added behind the service's back is found, with its offset. */
class VerifyIT {

    private static final String WHY = "{\"reason\":\"mended\"}";

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String put(String type, String more) {
        String sink = "v" + used++;
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"" + type + "\"" + more + "}")
                        .status())
                .isEqualTo(201);
        return sink;
    }

    private static Answer verify(String sink, long from, long to) {
        return client.post(partition(sink, "0") + "/verify", JSON, "{\"from\":" + from + ",\"to\":" + to + "}");
    }

    /** Returns the differences, as their kinds and offsets. */
    private static List<String> found(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body()
                .path("first")
                .valueStream()
                .map(one -> one.path("kind").stringValue() + " "
                        + one.path("offset").longValue())
                .toList();
    }

    private static String records(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"n\": " + i + ",  \"ü\":\"x" + i + "\"}")
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "jsonb"})
    void findsWhatWasDoneToATable(String type) {
        String sink = put("table", ",\"partitions\":[\"0\"],\"data-type\":\"" + type + "\"");
        String proved = type.equals("jsonb") ? "keys" : "bytes";
        verify(sink, 0, 10).has("proved", "nothing").has("complete", true);
        client.batch(sink, "0", 0, records(0, 50)).isWritten("committed");
        client.post(partition(sink, "0"), JSON, "{\"offset\":50,\"records\":[7]}");
        client.batch(sink, "0", 51, records(51, 60)).isWritten("committed");
        Answer answer = verify(sink, 0, 1_000_000);
        assertThat(found(answer)).isEmpty();
        answer.has("proved", proved).has("same", 60).has("complete", true);
        verify(sink, 10, 20).has("same", 10);
        service.execute("delete from " + sink + " where source_offset = 17");
        service.execute("update " + sink + " set data = replace(data::text, 'x23', 'y23')::" + type
                + " where source_offset = 23");
        service.execute("insert into " + sink + " (partition_id, source_offset, data) values ('0', 75, '1')");
        answer = verify(sink, 0, 1_000);
        assertThat(found(answer))
                .isEqualTo(
                        proved.equals("bytes")
                                ? List.of("missing 17", "other-bytes 23", "surplus 75")
                                : List.of("missing 17", "surplus 75"));
        assertThat(answer.body().at("/first/0/expected").stringValue()).matches("[0-9a-f]{16}");
        assertThat(answer.body().path("differences").path("missing").longValue())
                .isEqualTo(1);
        assertThat(found(verify(sink, 18, 23))).isEmpty();
        assertThat(answer.body().has("why")).isEqualTo(proved.equals("keys"));
    }

    @Test
    void findsRowsThatAreThereTwice() {
        String sink = put("table", ",\"partitions\":[\"0\"],\"data-type\":\"text\"");
        client.batch(sink, "0", 0, "1,2,3").isWritten("committed");
        service.execute("alter table " + sink + " drop constraint " + sink + "_pkey");
        service.execute("insert into " + sink + " select * from " + sink + " where source_offset = 1");
        assertThat(found(verify(sink, 0, 3))).containsExactly("doubled 1");
    }

    @Test
    void knowsWhatBecameOfDeadLetters() {
        String sink = put(
                "table",
                ",\"partitions\":[\"0\"],\"data-type\":\"text\",\"on-rejected\":\"dead-letter\","
                        + "\"dead-letters\":{\"max-share\":100}");
        service.execute("alter table " + sink + " add constraint good check (data not like '%\"n\":0%')");
        client.batch(sink, "0", 0, "1,{\"n\":0},{\"n\":0},{\"n\":0},{\"n\":0},6")
                .has("deadLettered", 4);
        String letters = partition(sink, "0") + "/dead-letters/";
        client.post(letters + "2/discard", JSON, WHY).has("state", "discarded");
        service.execute("alter table " + sink + " drop constraint good");
        client.post(letters + "3/replay", JSON, WHY).has("state", "replayed");
        client.putWith(letters + "4", JSON, "{\"n\":4}", "If-Match", client.etag(letters + "4"))
                .has("revision", 1);
        client.post(letters + "4/replay", JSON, WHY).has("state", "replayed");
        Answer answer = verify(sink, 0, 6);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 3).has("deadLetters", 2).has("edited", 1);
        service.execute("update sluice.dead_letter set data = '1' where source_offset = 1 and sink = '" + sink + "'");
        service.execute("insert into " + sink + " values ('0', 2, '1')");
        service.execute("update " + sink + " set data = '1' where source_offset = 3");
        answer = verify(sink, 0, 6);
        assertThat(found(answer)).containsExactly("other-bytes 1", "surplus 2", "other-bytes 3");
        assertThat(answer.body().at("/first/0/where").stringValue()).isEqualTo("dead-letter");
    }

    @Test
    void saysWhatItCannotKnow() {
        String sink = put("table", ",\"partitions\":[\"0\"],\"data-type\":\"text\"");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        client.batch(sink, "0", 2, "3,4").isWritten("committed");
        service.execute("delete from sluice.receipt where sink = '" + sink + "' and first_offset = 0");
        Answer answer = verify(sink, 0, 4);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 2).has("withoutReceipt", 2).has("complete", false).has("proved", "bytes");
        verify(sink, 0, 2).has("proved", "nothing").has("complete", false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"layout\":\"segments\"", ",\"layout\":\"segments\",\"rotate-size\":\"100B\""})
    void findsAByteInAFile(String layout) throws IOException {
        String sink =
                put("file", ",\"partitions\":[\"0\"],\"directory\":\"" + directory.resolve("f" + used) + "\"" + layout);
        Path files = directory.resolve("f" + (used - 1));
        for (int i = 0; i < 50; i += 10) {
            client.batch(sink, "0", i, records(i, i + 10)).isWritten("committed");
        }
        Answer answer = verify(sink, 0, 1_000);
        assertThat(found(answer)).isEmpty();
        answer.has("proved", "bytes").has("same", 50).has("complete", true);
        verify(sink, 20, 30).has("same", 10);
        replace(files, "x23", "y23");
        assertThat(found(verify(sink, 0, 1_000))).containsExactly("other-bytes 23");
        assertThat(found(verify(sink, 20, 24))).containsExactly("other-bytes 23");
        assertThat(found(verify(sink, 24, 50))).isEmpty();
        // Two lines become one: what follows is not blamed for it.
        replace(files, "x30\"}\n", "x30\"} ");
        answer = verify(sink, 0, 1_000);
        assertThat(found(answer)).containsExactly("other-bytes 23", "other-bytes 30", "missing 31");
        answer.has("same", 47);
    }

    private static void replace(Path files, String before, String after) throws IOException {
        try (var all = Files.list(files)) {
            for (Path file :
                    all.filter(name -> name.toString().endsWith(".ndjson")).toList()) {
                String text = Files.readString(file);
                byte[] changed = text.replace(before, after).getBytes(StandardCharsets.UTF_8);
                try (var open = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
                    open.write(java.nio.ByteBuffer.wrap(changed));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd"})
    void readsWhatIsPacked(String compression) {
        String sink = put(
                "file",
                ",\"partitions\":[\"0\"],\"directory\":\"" + directory.resolve("c" + used)
                        + "\",\"layout\":\"segments\",\"rotate-size\":\"300B\",\"compression\":\"" + compression
                        + "\"");
        for (int i = 0; i < 2_100; i += 7) {
            client.batch(sink, "0", i, records(i, i + 7)).isWritten("committed");
        }
        Answer answer = verify(sink, 0, 10_000);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 2_100).has("complete", true);
        verify(sink, 1_000, 1_500).has("same", 500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void recognisesALineThatWasSentOnManyLines(String lineBreak) throws IOException {
        String sink = put("file", ",\"partitions\":[\"0\"],\"directory\":\"" + directory.resolve("m" + used) + "\"");
        Path files = directory.resolve("m" + (used - 1));
        String python = "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"x y, \\\" z\"\n}".replace("\n", lineBreak);
        String jackson = "{\n  \"a\" : [ 1, 2 ],\n  \"b\" : {\n    \"c\" : null\n  }\n}".replace("\n", lineBreak);
        client.batch(sink, "0", 0, python + "," + jackson + ",3").isWritten("committed");
        Answer answer = verify(sink, 0, 3);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 3);
        replace(files, "x y", "x z");
        assertThat(found(verify(sink, 0, 3))).containsExactly("other-bytes 0");
    }

    @Test
    void comparesRowsOfAnyOrderAndRewoundOnes() {
        String sink = put("table", ",\"partitions\":[\"0\"],\"data-type\":\"text\",\"order\":\"any\"");
        client.batch(sink, "0", 100, "1,2,3").isWritten("committed");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        Answer answer = verify(sink, 0, 200);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 5).has("complete", true);
        service.execute("insert into " + sink + " values ('0', 50, '1')");
        assertThat(found(verify(sink, 0, 200))).containsExactly("surplus 50");
        String rewound = put("table", ",\"partitions\":[\"0\"],\"data-type\":\"text\"");
        client.batch(rewound, "0", 0, "1,2,3,4").isWritten("committed");
        client.open(rewound, "0", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":2}}")
                .has("nextOffset", 2);
        client.batch(rewound, "0", 2, "33", "Sluice-Fencing-Token", "1").isWritten("committed");
        answer = verify(rewound, 0, 200);
        assertThat(found(answer)).isEmpty();
        answer.has("same", 3);
    }

    @Test
    void saysWhyATargetCannotBeCompared() {
        String upsert = put(
                "table",
                ",\"partitions\":[\"0\"],\"mode\":\"upsert\",\"key\":[\"k\"],\"position\":\"none\","
                        + "\"columns\":{\"k\":{\"from\":\"/k\",\"type\":\"text\"}}");
        assertThat(verify(upsert, 0, 1).isProblem(409, "not-verifiable").text("detail"))
                .contains("replace");
        String nowhere = put(
                "table",
                ",\"partitions\":[\"0\"],\"position\":\"none\","
                        + "\"columns\":{\"k\":{\"from\":\"/k\",\"type\":\"text\"}}");
        assertThat(verify(nowhere, 0, 1).isProblem(409, "not-verifiable").text("detail"))
                .contains("position");
        String log = put("log", ",\"partitions\":[\"0\"]");
        verify(log, 0, 1).isProblem(409, "not-verifiable").has("proved", "nothing");
        String buffer = put("batching", ",\"target\":\"" + log + "\"");
        assertThat(verify(buffer, 0, 1).isProblem(409, "not-verifiable").text("detail"))
                .contains(log);
        String any = put(
                "file", ",\"partitions\":[\"0\"],\"order\":\"any\",\"directory\":\"" + directory.resolve("any") + "\"");
        verify(any, 0, 1).isProblem(409, "not-verifiable");
        String typed = put("table", ",\"partitions\":[\"0\"],\"columns\":{\"k\":{\"from\":\"/k\",\"type\":\"text\"}}");
        client.batch(typed, "0", 0, "{\"k\":\"a\"}").isWritten("committed");
        verify(typed, 0, 1).has("proved", "keys").has("same", 1);
        verify(typed, 1, 1).isProblem(400, "malformed-request");
        verify(typed, 0, 1_000_001).isProblem(400, "malformed-request");
        client.post(partition(typed, "0") + "/verify", JSON, "{\"from\":0}").isProblem(400, "malformed-request");
        client.post(partition(typed, "0") + "/verify", JSON, "{\"from\":0,\"to\":1,\"x\":1}")
                .isProblem(400, "malformed-request");
        assertThat(service.query("select count(*) from sluice.audit where action like '%verif%'"))
                .containsExactly("0");
    }
}
