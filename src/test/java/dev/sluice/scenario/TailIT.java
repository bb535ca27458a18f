package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever watches a partition sees what is committed, in order and not too much of it. */
class TailIT {

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static Client client;

    private final List<Tail> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        service = InProcess.with(
                WatchedSinkType.class,
                "sluice.tails.heartbeat=200ms",
                "sluice.sinks.watched.type=watched",
                "sluice.sinks.watched.partitions=0",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions="
                        + IntStream.range(0, 20).mapToObj(Integer::toString).collect(Collectors.joining(",")),
                "sluice.sinks.mapped.type=table",
                "sluice.sinks.mapped.partitions=0",
                "sluice.sinks.mapped.columns.name.from=/n",
                "sluice.sinks.mapped.columns.name.type=text",
                "sluice.sinks.latest.type=table",
                "sluice.sinks.latest.partitions=0",
                "sluice.sinks.latest.mode=upsert",
                "sluice.sinks.latest.key=id",
                "sluice.sinks.latest.columns.id.from=/id",
                "sluice.sinks.latest.columns.id.type=bigint",
                "sluice.sinks.texts.type=table",
                "sluice.sinks.texts.partitions=0",
                "sluice.sinks.texts.data-type=text",
                "sluice.sinks.lines.type=file",
                "sluice.sinks.lines.partitions=0,1",
                "sluice.sinks.lines.directory=" + directory,
                "sluice.sinks.printed.type=log",
                "sluice.sinks.printed.partitions=0",
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=printed",
                "sluice.sinks.buffer.flush-interval=1h",
                "sluice.sinks.workers.type=log",
                "sluice.sinks.workers.workers=1");
        client = service.client();
    }

    @AfterEach
    void closeTails() {
        open.forEach(Tail::close);
        await().until(() -> tails() == 0);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static double tails() {
        return service.bean(MeterRegistry.class).get("sluice.tails").gauge().value();
    }

    private Tail tail(String sink, String partition, String query, String... headers) {
        Tail tail = Tail.open(client.port(), Client.partition(sink, partition) + "/tail" + query, headers);
        open.add(tail);
        return tail;
    }

    private static String records(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    @Test
    void showsWhatIsCommittedFromNowOnAndNothingElse() {
        client.batch("rows", "0", 0, "0,1").isWritten("committed");
        Tail tail = tail("rows", "0", "");
        tail.expect("begun", 1, "{\"from\":2}");
        assertThat(tail.header("Content-Type")).startsWith("text/event-stream");
        assertThat(tail.header("X-Accel-Buffering")).isEqualTo("no");
        service.execute("insert into rows (partition_id, source_offset, data) values ('0', 7, '\"not yet\"')");
        client.post("/sinks/rows/partitions/0?dryRun=true", JSON, Client.dense(2, "\"dry\""))
                .isWritten("committed");
        client.batch("rows", "0", 2, "{\"a\":2},3").isWritten("committed");
        tail.expect("record", 2, "{\"offset\":2,\"value\":{\"a\": 2}}");
        tail.expect("record", 3, "{\"offset\":3,\"value\":3}");
        client.batch("rows", "0", 4, "4").isWritten("committed");
        tail.expect("record", 4, "{\"offset\":4,\"value\":4}");
    }

    @Test
    void goesOnWhereAViewerWas() {
        client.batch("rows", "1", 0, "0,1,2").isWritten("committed");
        Tail first = tail("rows", "1", "?from=0");
        first.expect("begun", -1, "{\"from\":0}");
        first.expect("record", 0, "{\"offset\":0,\"value\":0}");
        first.close();
        Tail second = tail("rows", "1", "?from=0", "Last-Event-ID", "0");
        second.expect("begun", 0, "{\"from\":1}");
        second.expect("record", 1, "{\"offset\":1,\"value\":1}");
        second.expect("record", 2, "{\"offset\":2,\"value\":2}");
    }

    @Test
    void showsFiftyOfManyAndTellsHowManyAreLeftOut() {
        client.batch("rows", "2", 0, records(0, 1_000)).isWritten("committed");
        Tail tail = tail("rows", "2", "?from=100&integers=string");
        tail.expect("begun", 99, "{\"from\":\"100\"}");
        for (int i = 100; i < 125; i++) {
            tail.expect("record", i, "{\"offset\":\"" + i + "\",\"value\":" + i + "}");
        }
        tail.expect("left-out", 974, "{\"from\":\"125\",\"to\":\"975\",\"offsets\":850}");
        for (int i = 975; i < 1_000; i++) {
            tail.expect("record", i, "{\"offset\":\"" + i + "\",\"value\":" + i + "}");
        }
        client.batch("rows", "2", 1_000, records(1_000, 50)).isWritten("committed");
        for (int i = 1_000; i < 1_050; i++) {
            tail.expect("record", i, "{\"offset\":\"" + i + "\",\"value\":" + i + "}");
        }
    }

    @Test
    void showsTheBeginningOfALargeRecordAndLinesAsTheyAre() {
        Tail tail = tail("texts", "0", "");
        tail.next();
        client.post("/sinks/texts/partitions/0", JSON, "{\"offset\":0,\"records\":[{\n\"a\" : 1}]}")
                .isWritten("committed");
        tail.expect("record", 0, "{\"offset\":0,\"value\":{\n\"a\" : 1}}");
        client.batch("texts", "0", 1, "\"" + "x".repeat(100_000) + "\"").isWritten("committed");
        assertThat(tail.next().data())
                .startsWith("{\"offset\":1,\"bytes\":100002,\"beginning\":\"\\\"xxx")
                .hasSizeLessThan(9_000);
    }

    @Test
    void showsWhatOtherSinksHave() {
        Tail mapped = tail("mapped", "0", "");
        Tail latest = tail("latest", "0", "");
        Tail printed = tail("printed", "0", "");
        Tail buffer = tail("buffer", "0", "");
        Stream.of(mapped, latest, printed, buffer).forEach(Tail::next);
        client.batch("mapped", "0", 0, "{\"n\":\"x\"}").isWritten("committed");
        mapped.expect("record", 0, "{\"offset\":0,\"value\":{\"name\": \"x\"}}");
        client.batch("latest", "0", 0, "{\"id\":1},{\"id\":2}").isWritten("committed");
        latest.expect("advanced", 1, "{\"from\":0,\"to\":2}");
        client.batch("printed", "0", 0, "\"secret\"").isWritten("committed");
        printed.expect("advanced", 0, "{\"from\":0,\"to\":1}");
        client.batch("buffer", "0", 0, "\"é\",2").isWritten("committed");
        buffer.expect("record", 0, "{\"offset\":0,\"value\":\"é\"}");
        buffer.expect("record", 1, "{\"offset\":1,\"value\":2}");
    }

    @Test
    void showsFilesByTheirCommittedBytes() {
        client.batch("lines", "0", 100, "1").isProblem(409, "offset-gap");
        client.batch("lines", "0", 0, "11,\"é\"").isWritten("committed");
        Tail tail = tail("lines", "0", "?from=0");
        tail.expect("begun", -1, "{\"from\":0}");
        tail.expect("record", 2, "{\"position\":0,\"value\":11}");
        tail.expect("record", 7, "{\"position\":3,\"value\":\"é\"}");
        client.batch("lines", "0", 2, records(100, 100)).isWritten("committed");
        for (int i = 0; i < 25; i++) {
            tail.expect("record", 11 + 4 * i, "{\"position\":" + (8 + 4 * i) + ",\"value\":" + (100 + i) + "}");
        }
        tail.expect("left-out", 307, "{\"from\":108,\"to\":308,\"bytes\":200}");
        tail.expect("record", 311, "{\"position\":308,\"value\":175}");
    }

    @Test
    void showsBothEndsOfAFileThatGrewByMuch() {
        client.batch("lines", "1", 0, "0").isWritten("committed");
        Tail tail = tail("lines", "1", "?from=0");
        tail.next();
        tail.expect("record", 1, "{\"position\":0,\"value\":0}");
        String record = "\"" + "y".repeat(998) + "\"";
        String body = IntStream.range(0, 1_000).mapToObj(i -> record).collect(Collectors.joining("\n"));
        client.post("/sinks/lines/partitions/1?offset=1", NDJSON, body).isWritten("committed");
        for (int i = 0; i < 25; i++) {
            assertThat(tail.next().id()).isEqualTo(2 + 1_001L * (i + 1) - 1);
        }
        tail.expect("left-out", 2 + 1_001 * 975 - 1, "{\"from\":25027,\"to\":975977,\"bytes\":950950}");
        assertThat(tail.next().id()).isEqualTo(2 + 1_001L * 976 - 1);
    }

    @Test
    void tellsOfAPartitionThatWasTakenBack() {
        client.batch("rows", "3", 0, "0,1,2").isWritten("committed");
        Tail tail = tail("rows", "3", "");
        tail.expect("begun", 2, "{\"from\":3}");
        client.batch("rows", "3", 3, "3").isWritten("committed");
        tail.expect("record", 3, "{\"offset\":3,\"value\":3}");
        client.open("rows", "3", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":1}}");
        tail.expect("rewound", 0, "{\"to\":1}");
        client.batch("rows", "3", 1, "\"anew\"", "Sluice-Fencing-Token", "1").isWritten("committed");
        tail.expect("record", 1, "{\"offset\":1,\"value\":\"anew\"}");
    }

    @Test
    void waitsForWhatIsAhead() {
        Tail tail = tail("rows", "4", "?from=2");
        tail.expect("begun", 1, "{\"from\":2}");
        client.batch("rows", "4", 0, "0,1,2").isWritten("committed");
        tail.expect("record", 2, "{\"offset\":2,\"value\":2}");
    }

    @Test
    void showsTwentyAndHoldsNoConnectionBetweenLooks() {
        for (int i = 0; i < 20; i++) {
            tail("rows", Integer.toString(i), "").next();
        }
        Answer refused = client.get("/sinks/rows/partitions/5/tail").isProblem(429, "busy");
        assertThat(refused.text("detail")).contains("sluice.tails.most=20");
        HikariDataSource pool = (HikariDataSource) service.bean(DataSource.class);
        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        assertThat(service.query("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and state = 'idle in transaction'"))
                .containsExactly("0");
        open.get(0).close();
        await().until(() -> tails() == 19);
        tail("rows", "5", "").next();
    }

    @Test
    void asksOnceForAllWhoWatchAPartition() {
        List<Tail> tails = IntStream.range(0, 10)
                .mapToObj(i -> tail("watched", "0", "?from=0"))
                .toList();
        tails.forEach(Tail::next);
        client.batch("watched", "0", 0, "0,1,2").isWritten("committed");
        tails.forEach(tail -> {
            for (int i = 0; i < 3; i++) {
                tail.expect("record", i, "{\"offset\":" + i + ",\"value\":" + i + "}");
            }
        });
        Tail late = tail("watched", "0", "?from=1");
        late.next();
        late.expect("record", 1, "{\"offset\":1,\"value\":1}");
        assertThat(WatchedSinkType.READS).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?from=then", "?from=-1", "?since=0", "?integers=hex", "?from=0&from=1"})
    void refusesWhatItDoesNotUnderstand(String query) {
        client.get("/sinks/rows/partitions/0/tail" + query).isProblem(400, "malformed-request");
    }

    @Test
    void refusesWhereThereIsNothingToWatch() {
        client.get("/sinks/rows/partitions/0/tail", "Last-Event-ID", "x").isProblem(400, "malformed-request");
        client.get("/sinks/rows/partitions/nothing/tail").isProblem(404, "unknown-partition");
        client.get("/sinks/workers/partitions/0/tail").isProblem(404, "stateless");
    }

    @Test
    void endsWithTheService() {
        try (InProcess other = InProcess.start("sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0")) {
            Tail tail = Tail.open(other.client().port(), "/sinks/rows/partitions/0/tail");
            tail.expect("begun", -1, "{\"from\":0}");
            long began = System.nanoTime();
            other.close();
            tail.expect("failed", -1, "{\"detail\":\"this process shuts down\"}");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
            tail.close();
        }
    }
}
