package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Positions in a file as offsets, so that its reader goes on with {@code tail -c}; and the snapshot in the answer. */
class BytePositionsIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.log.type=table",
                "sluice.sinks.log.partitions=a,b,c,d,e,large,lone",
                "sluice.sinks.scattered.type=table",
                "sluice.sinks.scattered.order=any",
                "sluice.sinks.scattered.partitions=0",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=log,copy",
                "sluice.sinks.copy.type=table",
                "sluice.sinks.copy.partitions=a,b,c,d,e,large,lone",
                "sluice.sinks.hooks.type=log",
                "sluice.sinks.hooks.workers=1");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer tail(String partition, String file, int from, int to) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        String body = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return client.post(Client.partition("log", partition) + "?offsets=bytes&offset=" + from, Client.NDJSON, body);
    }

    private static Object rows(String partition) {
        return service.query("select source_offset || '=' || data from log where partition_id = '" + partition
                + "' order by source_offset");
    }

    @Test
    void numbersRecordsByWhereTheyBegin() {
        String file = "{\"ä\":1}\n\n  22\r\n\"x\"\n";
        int cut = "{\"ä\":1}\n\n".getBytes(StandardCharsets.UTF_8).length;
        int end = file.getBytes(StandardCharsets.UTF_8).length;
        tail("a", file, 0, cut).isWritten("committed").has("nextOffset", cut).has("written", 1);
        tail("a", file, cut, end).isWritten("committed").has("nextOffset", end).has("end", end);
        assertThat(rows("a").toString()).isEqualTo("[0={\"ä\": 1}, " + (cut + 2) + "=22, " + (cut + 6) + "=\"x\"]");
    }

    @Test
    void recognisesAnotherCutOfTheSameFile() {
        String file = "1\n22\n333\n";
        tail("b", file, 0, 5).isWritten("committed").has("written", 2);
        tail("b", file, 2, 9).isWritten("trimmed").has("written", 1).has("nextOffset", 9);
        tail("b", file, 0, 9).isWritten("duplicate").has("duplicates", 3);
        tail("b", "1\n2\n\n333\n", 0, 9).isProblem(422, "offset-conflict");
        assertThat(rows("b").toString()).isEqualTo("[0=1, 2=22, 5=333]");
    }

    /* With another numbering, a line alone that looks like a whole batch is refused. */
    @Test
    void takesALoneLineForOneRecordWhateverItLooksLike() {
        tail("lone", "[1,2]\n{\"offset\":1,\"records\":[3]}\n", 0, 6)
                .isWritten("committed")
                .has("written", 1)
                .has("nextOffset", 6);
        tail("lone", "[1,2]\n{\"offset\":1,\"records\":[3]}\n", 6, 33)
                .isWritten("committed")
                .has("written", 1);
        assertThat(rows("lone").toString()).startsWith("[0=[1, 2], 6=");
    }

    /* Larger than any buffer on the way, in lines of all lengths. */
    @Test
    void findsPositionsInALargeBody() {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; body.length() < 1_000_000; i++) {
            expected.add(Integer.toString(7 + body.length()));
            body.append('"').append("x".repeat(i * 37 % 5_000)).append("\"\n");
        }
        client.post(Client.partition("log", "large") + "?offsets=bytes&offset=7", Client.NDJSON, body.toString())
                .isProblem(409, "offset-gap");
        client.post(
                        Client.partition("log", "large"),
                        Client.JSON,
                        "{\"first\":0,\"end\":7,\"offsets\":[],\"records\":[]}")
                .isWritten("committed");
        client.post(Client.partition("log", "large") + "?offsets=bytes&offset=7", Client.NDJSON, body.toString())
                .isWritten("committed")
                .has("nextOffset", 7 + body.length());
        assertThat(service.query("select source_offset from log where partition_id = 'large' order by 1"))
                .isEqualTo(expected);
    }

    @Test
    void takesAFirstOffsetThatIsNotZeroAndALineWithoutAnEnd() {
        client.post(Client.partition("scattered", "0") + "?offsets=bytes&offset=100", Client.NDJSON, "1\n2")
                .isWritten("committed")
                .has("offset", 100)
                .has("end", 103);
        assertThat(service.query("select source_offset from scattered order by 1"))
                .hasToString("[100, 102]");
    }

    @Test
    void refusesWhatSaysTooLittleOrTooMuch() {
        String path = Client.partition("log", "c");
        client.post(path + "?offsets=bytes", Client.NDJSON, "1\n2\n").isProblem(428, "offset-required");
        client.post(path + "?offsets=bytes&offset=0&end=9", Client.NDJSON, "1\n2\n")
                .isProblem(400, "malformed-batch");
        client.post(path + "?offsets=bytes&offset=0", Client.JSON, "[1,2]").isProblem(400, "malformed-batch");
        client.post(path + "?offsets=lines&offset=0", Client.NDJSON, "1\n2\n").isProblem(400, "malformed-batch");
        client.post(path + "?offsets=bytes&offset=9223372036854775800", Client.NDJSON, "11111111\n2\n")
                .isProblem(400, "malformed-batch");
        client.post("/sinks/log/records?offsets=bytes&offset=0", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n")
                .isProblem(400, "malformed-batch");
        assertThat(client.snapshot("log", "c").number("nextOffset")).isZero();
    }

    @Test
    void answersTheSnapshotWhenAsked() {
        String path = Client.partition("log", "d");
        Answer written = client.post(path + "?snapshot=true", Client.JSON, Client.dense(0, "1,2"));
        written.isWritten("committed");
        assertThat(written.body().path("snapshot"))
                .isEqualTo(client.snapshot("log", "d").body());
        Answer again = client.post(path + "?snapshot=true", Client.JSON, Client.dense(0, "1"));
        again.isWritten("duplicate");
        assertThat(again.body().path("snapshot").path("nextOffset").longValue()).isEqualTo(2);
        assertThat(client.batch("log", "d", 2, "3").body().has("snapshot")).isFalse();
        assertThat(client.post(path + "?snapshot=true&dryRun=true", Client.JSON, Client.dense(3, "4"))
                        .body()
                        .has("snapshot"))
                .isFalse();
        Answer both = client.post(Client.partition("both", "e") + "?snapshot=true", Client.JSON, Client.dense(0, "1"));
        both.isWritten("committed");
        assertThat(both.body().path("snapshot").path("children").size()).isEqualTo(2);
    }

    @Test
    void refusesToTellTheSnapshotOfWhatHasNone() {
        client.post(Client.partition("hooks", "0") + "?snapshot=true", Client.JSON, "[1]")
                .isProblem(400, "malformed-batch");
        client.post("/sinks/log/records?snapshot=true&offset=0", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n")
                .isProblem(400, "malformed-batch");
        client.post(Client.partition("log", "c") + "?snapshot=yes", Client.JSON, Client.dense(0, "1"))
                .isProblem(400, "malformed-batch");
    }

    @Test
    void tellsWhoSendsOneObjectHowToSendIt() {
        Answer alone = client.post(Client.partition("log", "c"), Client.JSON, "{\"id\":\"evt_1\",\"type\":\"paid\"}");
        alone.isProblem(428, "offset-required");
        assertThat(alone.body().path("detail").stringValue("")).contains("one record", "[{...}]", "?offset=");
        client.post(Client.partition("log", "c"), Client.JSON, "{\"ofset\":0,\"records\":[1]}")
                .isProblem(400, "malformed-batch");
    }
}
