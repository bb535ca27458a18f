package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The decision table of the protocol, a test or more for each row. Each test has a partition of its own. */
@Tag("conformance")
class DecisionTableIT {

    private static final int PARTITIONS = 64;

    private static InProcess service;
    private static Client client;
    private static int used;

    private String part;

    private static String[] settings() {
        StringBuilder partitions = new StringBuilder("p0");
        for (int i = 1; i < PARTITIONS; i++) {
            partitions.append(",p").append(i);
        }
        return new String[] {"sluice.sinks.events.type=table", "sluice.sinks.events.partitions=" + partitions};
    }

    @BeforeAll
    static void start() {
        service = InProcess.start(settings());
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takePartition() {
        part = "p" + used++;
    }

    private Answer write(long offset, String records, String... headers) {
        return client.batch("events", part, offset, records, headers);
    }

    private Answer sparse(String body, String... headers) {
        return client.post(partition("events", part), JSON, body, headers);
    }

    private long open(String owner) {
        return client.open("events", part, "{\"owner\":\"" + owner + "\"}").number("fencingToken");
    }

    private String stored() {
        return String.join(
                ",",
                service.query("select source_offset || '=' || data from events where partition_id = '" + part
                        + "' order by source_offset"));
    }

    // row 0

    @Test
    void refusesAMalformedBodyAndNamesTheRecord() {
        write(0, "{\"a\":1},{\"a\":}")
                .isProblem(400, "malformed-batch")
                .has("index", 1)
                .has("offset", 1)
                .has("byteOffset", 36);
        client.post(partition("events", part) + "?offset=7", NDJSON, "1\n2\n\n[3,\n4]\n")
                .isProblem(400, "malformed-batch")
                .has("index", 2)
                .has("offset", 9)
                .has("line", 4);
        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesOffsetsThatDoNotIncrease() {
        sparse("{\"offsets\":[1,3,3],\"first\":0,\"end\":10,\"records\":[1,2,3]}")
                .isProblem(400, "malformed-batch")
                .has("index", 2);
    }

    @Test
    void refusesOffsetsOutsideTheRange() {
        sparse("{\"offsets\":[1,3],\"first\":2,\"end\":10,\"records\":[1,2]}")
                .isProblem(400, "malformed-batch")
                .has("index", 0);
        sparse("{\"offsets\":[1,3,10],\"first\":0,\"end\":10,\"records\":[1,2,3]}")
                .isProblem(400, "malformed-batch")
                .has("index", 2);
        sparse("{\"offsets\":[],\"first\":5,\"end\":4,\"records\":[]}").isProblem(400, "malformed-batch");
    }

    @Test
    void refusesNegativeOffsets() {
        write(-1, "1").isProblem(400, "malformed-batch");
        sparse("{\"offsets\":[-1],\"first\":0,\"end\":10,\"records\":[1]}").isProblem(400, "malformed-batch");
        client.post(partition("events", part) + "?offset=-1", NDJSON, "1\n").isProblem(400, "malformed-batch");
    }

    @Test
    void refusesOffsetsThatAreNoIntegers() {
        for (String offset : new String[] {"1.0", "1e2", "\"one\"", "null", "9223372036854775808", "[0]"}) {
            sparse("{\"offset\":" + offset + ",\"records\":[1]}").isProblem(400, "malformed-batch");
        }
    }

    @Test
    void takesOffsetsUpToTheLargestAndNoFurther() {
        long largest = Long.MAX_VALUE - 1;
        sparse("{\"offsets\":[],\"first\":0,\"end\":" + largest + ",\"records\":[]}")
                .isWritten("committed");
        write(largest, "1,2").isProblem(400, "malformed-batch");
        write(Long.MAX_VALUE, "").isProblem(400, "malformed-batch");
        write(largest, "1").isWritten("committed").has("nextOffset", Long.MAX_VALUE);
        write(largest, "1").isWritten("duplicate").has("nextOffset", Long.MAX_VALUE);
    }

    @Test
    void refusesUnknownMediaTypes() {
        for (String type :
                new String[] {"", "text/plain", "application/xml", "application/json;charset=utf-16", "nonsense"}) {
            client.post(partition("events", part), type, Client.dense(0, "1")).isProblem(415, "unsupported-media-type");
        }
        client.post(partition("events", part), JSON, Client.dense(0, "1"), "Content-Encoding", "br")
                .isProblem(415, "unsupported-media-type");
        client.post(partition("events", part), "application/json; charset=UTF-8", Client.dense(0, "1"))
                .isWritten("committed");
    }

    // row 1

    @Test
    void namesTheNearestSinksAndPartitions() {
        client.batch("event", "p0", 0, "1").isProblem(404, "unknown-sink").has("nearest", "[\"events\"]");
        Answer answer = client.batch("events", "p99", 0, "1").isProblem(404, "unknown-partition");
        assertThat(answer.text("nearest")).contains("p19");
    }

    // row 2

    @Test
    void wantsAnOffset() {
        sparse("{\"records\":[1]}").isProblem(428, "offset-required");
        sparse("[1]").isProblem(428, "offset-required");
        client.post(partition("events", part), NDJSON, "1\n").isProblem(428, "offset-required");
    }

    @Test
    void wantsATokenOnceThePartitionWasOpened() {
        write(0, "1").isWritten("committed").has("fencingToken", 0);
        open("a");
        write(1, "2").isProblem(428, "fencing-token-required").has("owner", "a").has("nextOffset", 1);
        write(0, "1").isProblem(428, "fencing-token-required");
    }

    // rows 3 and 4

    @Test
    void fencesAZombieEvenWhereItsRangeIsCommitted() {
        long old = open("old");
        write(0, "1", "Sluice-Fencing-Token", "" + old).isWritten("committed").has("fencingToken", old);
        long current = open("new");
        assertThat(current).isEqualTo(old + 1);
        for (int offset : new int[] {0, 1, 7}) {
            Answer answer = write(offset, "1", "Sluice-Fencing-Token", "" + old)
                    .isProblem(412, "fenced")
                    .has("fencingToken", current)
                    .has("owner", "new")
                    .has("nextOffset", 1)
                    .has("retryable", false);
            assertThat(answer.text("since")).startsWith("20");
        }
        assertThat(stored()).isEqualTo("0=1");
    }

    @Test
    void refusesTokensThatWereNeverIssued() {
        write(0, "1", "Sluice-Fencing-Token", "5")
                .isProblem(412, "unknown-fencing-token")
                .has("fencingToken", 0);
        write(0, "1", "Sluice-Fencing-Token", "0").isWritten("committed");
        write(1, "1", "Sluice-Fencing-Token", "x").isProblem(400, "malformed-batch");
    }

    // row 5

    @Test
    void answersADuplicateInWhateverFormAndCutItComes() {
        write(0, "{\"a\": 1},2,\"x\"").isWritten("committed").has("written", 3).has("version", 1);
        write(0, "{\"a\": 1}, 2 ,\"x\"")
                .isWritten("duplicate")
                .has("written", 0)
                .has("duplicates", 3)
                .has("verified", true)
                .has("version", 1);
        client.post(partition("events", part) + "?offset=1", JSON, " [ 2 ] ").isWritten("duplicate");
        client.post(partition("events", part) + "?offset=0", NDJSON, "{\"a\": 1}\r\n 2\n")
                .isWritten("duplicate");
        client.post(
                        partition("events", part) + "?offsets=inline&first=1&end=3",
                        NDJSON,
                        "{\"value\": 2, \"offset\": 1}\n{\"offset\":2,\"value\":\"x\"}")
                .isWritten("duplicate")
                .has("nextOffset", 3);
    }

    @Test
    void saysSoWhereADuplicateCannotBeVerified() {
        write(0, "1,2").isWritten("committed");
        write(2, "3").isWritten("committed");
        service.execute("delete from sluice.receipt where partition_id = '" + part + "' and first_offset = 0");
        write(0, "8,9,3").isWritten("duplicate").has("verified", false).has("duplicates", 3);
        write(0, "8,9,4").isProblem(422, "offset-conflict").has("offset", 2);
        write(2, "3").isWritten("duplicate").has("verified", true);
    }

    // row 6

    @Test
    void refusesAReplayWithOtherBytes() {
        write(0, "1,2,3").isWritten("committed");
        write(0, "1,2,4")
                .isProblem(422, "offset-conflict")
                .has("offset", 2)
                .has("nextOffset", 3)
                .has("retryable", false);
        write(1, "2,4,5").isProblem(422, "offset-conflict").has("offset", 2);
        write(0, "1,2,3,4").isWritten("trimmed");
        assertThat(stored()).isEqualTo("0=1,1=2,2=3,3=4");
    }

    @Test
    void refusesARecordWhereAHoleWasDeclaredAndTheReverse() {
        sparse("{\"offsets\":[2,5],\"first\":0,\"end\":8,\"records\":[20,50]}").isWritten("committed");
        sparse("{\"offsets\":[2,4,5],\"first\":0,\"end\":8,\"records\":[20,40,50]}")
                .isProblem(422, "offset-conflict")
                .has("offset", 4);
        sparse("{\"offsets\":[2],\"first\":0,\"end\":8,\"records\":[20]}")
                .isProblem(422, "offset-conflict")
                .has("offset", 5);
        sparse("{\"offsets\":[],\"first\":3,\"end\":5,\"records\":[]}").isWritten("duplicate");
        sparse("{\"offsets\":[5],\"first\":3,\"end\":7,\"records\":[50]}")
                .isWritten("duplicate")
                .has("verified", true);
    }

    // row 7

    @Test
    void trimsAnOverlap() {
        write(0, "1,2").isWritten("committed");
        write(1, "2,3,4")
                .isWritten("trimmed")
                .has("offset", 1)
                .has("end", 4)
                .has("written", 2)
                .has("duplicates", 1)
                .has("nextOffset", 4)
                .has("version", 2);
        assertThat(stored()).isEqualTo("0=1,1=2,2=3,3=4");
    }

    // row 8

    @Test
    void commitsWhatIsNewAndSaysAllAboutIt() {
        Answer answer = write(0, "{\"a\":1},{\"b\":2}")
                .isWritten("committed")
                .has("sink", "events")
                .has("partition", part)
                .has("offset", 0)
                .has("end", 2)
                .has("written", 2)
                .has("duplicates", 0)
                .has("deadLettered", 0)
                .has("nextOffset", 2)
                .has("fencingToken", 0)
                .has("version", 1)
                .has("guarantee", "exactly-once");
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(stored()).isEqualTo("0={\"a\": 1},1={\"b\": 2}");
    }

    @Test
    void advancesWithoutRecords() {
        sparse("{\"first\":0,\"end\":5000321,\"offsets\":[],\"records\":[]}")
                .isWritten("committed")
                .has("written", 0)
                .has("nextOffset", 5_000_321);
        write(5_000_321, "1").isWritten("committed");
        write(5_000_320, "0,1").isProblem(422, "offset-conflict").has("offset", 5_000_320);
    }

    @Test
    void takesAnEmptyBatchForADuplicate() {
        write(0, "").isWritten("duplicate").has("written", 0).has("nextOffset", 0);
        write(1, "").isProblem(409, "offset-gap");
    }

    // row 9

    @Test
    void refusesAGapAndTellsTheExpectedOffset() {
        write(0, "1").isWritten("committed");
        write(2, "3").isProblem(409, "offset-gap").has("expectedOffset", 1);
        assertThat(stored()).isEqualTo("0=1");
    }

    @Test
    void letsABatchWaitForItsPredecessor() {
        CompletableFuture<Answer> second = client.postAsync(
                partition("events", part), JSON, Client.dense(1, "2"), "Prefer", "respond-async, wait=20");
        CompletableFuture<Answer> third =
                client.postAsync(partition("events", part), JSON, Client.dense(2, "3"), "Prefer", "wait=20");
        write(0, "1").isWritten("committed");
        Answer answer = second.orTimeout(15, TimeUnit.SECONDS).join();
        answer.isWritten("committed");
        assertThat(answer.response().headers().firstValue("Preference-Applied")).contains("wait=20");
        third.join().isWritten("committed").has("nextOffset", 3);
    }

    @Test
    void answersTheGapOnceTheWaitIsOver() {
        long start = System.nanoTime();
        write(1, "2", "Prefer", "wait=1").isProblem(409, "offset-gap").has("expectedOffset", 0);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void letsAWaitingBatchFollowOneThatAnotherReplicaWrites() {
        CompletableFuture<Answer> second =
                client.postAsync(partition("events", part), JSON, Client.dense(1, "2"), "Prefer", "wait=20");
        try (InProcess other = InProcess.on(service.database(), List.of(), settings())) {
            other.client().batch("events", part, 0, "1").isWritten("committed");
        }
        second.join().isWritten("committed").has("nextOffset", 2);
    }

    // row 10

    @Test
    void namesEveryRecordThatTheSinkCannotAccept() {
        Answer answer = write(0, "1,\"\\u0000\",\"\\ud800\",\"\\ud83d\\ude00\",\"\\udc00\"")
                .isProblem(422, "record-rejected")
                .has("retryable", false);
        assertThat(answer.body().path("rejected").size()).isEqualTo(3);
        assertThat(answer.body().path("rejected").get(0).path("offset").longValue())
                .isEqualTo(1);
        assertThat(answer.body().path("rejected").get(1).path("offset").longValue())
                .isEqualTo(2);
        assertThat(answer.body().path("rejected").get(2).path("offset").longValue())
                .isEqualTo(4);
        assertThat(stored()).isEmpty();
    }

    @Test
    void tellsAZombieSoEvenWhereItsRecordsAreBad() {
        open("a");
        open("b");
        write(0, "\"\\u0000\"", "Sluice-Fencing-Token", "1").isProblem(412, "fenced");
        write(5, "\"\\u0000\"", "Sluice-Fencing-Token", "2").isProblem(409, "offset-gap");
    }

    // dry run

    @Test
    void rollsADryRunBack() {
        write(0, "1").isWritten("committed");
        String path = partition("events", part) + "?dryRun=true";
        client.post(path, JSON, Client.dense(1, "2,3"))
                .isWritten("committed")
                .has("dryRun", true)
                .has("written", 2);
        client.post(path, JSON, Client.dense(0, "7")).isProblem(422, "offset-conflict");
        client.post(path, JSON, Client.dense(1, "\"\\u0000\"")).isProblem(422, "record-rejected");
        client.snapshot("events", part).has("nextOffset", 1).has("version", 1);
        assertThat(client.get(partition("events", part))
                        .body()
                        .at("/counters/batches")
                        .longValue())
                .isEqualTo(1);
        assertThat(stored()).isEqualTo("0=1");
        write(1, "4").isWritten("committed").has("version", 2);
    }

    @Test
    void refusesParametersAndMembersThatNobodyKnows() {
        client.post(partition("events", part) + "?dryrun=true", JSON, Client.dense(0, "1"))
                .isProblem(400, "malformed-batch");
        sparse("{\"ofset\":0,\"records\":[1]}").isProblem(400, "malformed-batch");
        sparse("{\"offset\":0,\"offset\":0,\"records\":[1]}").isProblem(400, "malformed-batch");
        client.post(partition("events", part) + "?offset=1&offset=0", NDJSON, "1")
                .isProblem(400, "malformed-batch");
        client.post(partition("events", part) + "?offset=0&dryRun", JSON, "[1]").isProblem(400, "malformed-batch");
        client.post(partition("events", part) + ";dryRun=true?offset=0", JSON, "[1]")
                .isProblem(400, "malformed-request");
        client.post(partition("events", part) + "?offset=0", JSON, "[1]", "Content-Type", "text/plain")
                .isProblem(415, "unsupported-media-type");
        assertThat(stored()).isEmpty();
    }
}
