package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever somebody wants to be done, the body that says so is read in one way, strictly. */
class ActBodiesIT {

    private static final String SINK = "/sinks/acts";
    private static final String PARTITION = SINK + "/partitions/0";
    private static final String LETTER = PARTITION + "/dead-letters/0";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.sinks.acts.type=table",
                "sluice.sinks.acts.partitions=0",
                "sluice.sinks.acts.on-rejected=dead-letter");
        client = service.client();
        client.batch("acts", "0", 0, "\"\\u0000\"").has("deadLettered", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer act(String path, String body) {
        return client.post(path, Client.JSON, body);
    }

    private static String refused(String path, String body) {
        return act(path, body).isProblem(400, "malformed-request").text("detail");
    }

    @ParameterizedTest
    @CsvSource({
        LETTER + "/replay, overwrit, overwrite",
        LETTER + "/discard, revison, revision",
        SINK + "/dead-letters/replay, per-second, perSecond",
        SINK + "/dead-letters/discard, filtr, filter",
        PARTITION + "/set-aside, ofset, offset",
        PARTITION + "/verify, form, from",
        PARTITION + "/reset, next-offset, nextOffset",
        PARTITION + "/take-over, ownr, owner",
        PARTITION + "/pause, untl, until",
        SINK + "/drain, ifVersoin, ifVersion",
        SINK + "/resume, waht, what",
        SINK + "/accept, los, loss",
        "/incarnation, reeson, reason",
    })
    void namesAnUnknownMemberAndTheNearestOne(String path, String misspelled, String meant) {
        assertThat(refused(path, "{\"" + misspelled + "\":1}"))
                .contains("'" + misspelled + "'", "did you mean", meant, "like {");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e4000000009", "-1e-4000000009", "1e400000000", "1e-400000000", "0.1e99999"})
    void takesNoNumberBeyondAllBounds(String number) {
        refused(SINK + "/resume", "{\"reason\":\"a test\",\"ifVersion\":" + number + "}");
        refused(PARTITION + "/open", "{\"owner\":\"me\",\"ifFencingToken\":" + number + "}");
        for (String setting : List.of("workers", "max-ranges", "partitions", "type")) {
            Answer answer = client.put("/sinks/numbers", "{\"type\":\"file\",\"" + setting + "\":" + number + "}");
            assertThat(answer.status()).as(answer.text("detail")).isIn(400, 422);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LETTER + "/replay",
                LETTER + "/discard",
                SINK + "/dead-letters/replay",
                SINK + "/dead-letters/discard",
                PARTITION + "/set-aside",
                PARTITION + "/verify",
                PARTITION + "/reset",
                SINK + "/accept",
                "/incarnation",
            })
    void takesOneObjectWithEachMemberOnce(String path) {
        assertThat(refused(path, "{\"reason\":\"a\",\"reason\":\"b\"}")).contains("twice");
        assertThat(refused(path, "{\"reason\":\"a\"} {}")).contains("not JSON");
        assertThat(refused(path, "[]")).contains("must be an object");
        assertThat(refused(path, "")).contains("object");
        client.post(path, "text/plain", "{}").isProblem(415, "unsupported-media-type");
        client.post(path, Client.NDJSON, "{}").isProblem(415, "unsupported-media-type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                LETTER + "/replay|{'reason':'r','revision':1.5}|'revision' must be an integer from 0",
                LETTER + "/replay|{'reason':'r','overwrite':'yes'}|'overwrite' must be true or false, but is \"yes\"",
                LETTER + "/discard|{'reason':7}|'reason' must be a text of 1 to 200 visible characters, but is 7",
                LETTER + "/discard|{'reason':'r','revision':null}|'revision' is null",
                LETTER + "/discard|{}|'reason' is missing",
                SINK + "/dead-letters/replay|{'filter':'23514'}|'filter' must be an object, but is \"23514\"",
                SINK + "/dead-letters/replay|{'filter':{'cod':'1'}}|'filter.cod' (did you mean code?)",
                SINK + "/dead-letters/discard|{'filter':{'code':23514}}|'filter.code' must be a text",
                SINK + "/dead-letters/discard|{'reason':'r','expected':-1}|'expected' must be an integer from 0",
                SINK + "/dead-letters/discard|{'reason':'r','expected':1,'perSecond':0}|'perSecond' must be",
                SINK + "/dead-letters/discard?dryRun=true|{'overwrite':{}}|'overwrite' must be true or false",
                SINK + "/dead-letters/replay?dryRun=true|{'perSecond':0}|'perSecond' must be",
                SINK + "/dead-letters/replay?dryRun=true|{'reason':7}|'reason' must be a text",
                PARTITION + "/set-aside|{'reason':'r'}|'offset' is missing",
                PARTITION + "/set-aside|{'reason':'r','offset':'x'}|offset=x is not an integer",
                PARTITION + "/verify|{'from':true,'to':1}|'from' must be an integer from 0",
                PARTITION + "/verify|{'from':0}|'to' is missing",
                SINK + "/accept|{'loss':1}|'loss' must be a text",
                SINK + "/accept|{}|target-gone",
            })
    void saysWhatIsWrongWithAMember(String path, String body, String expected) {
        assertThat(refused(path, body.replace('\'', '"'))).contains(expected);
    }

    @Test
    void takesDigitsForIntegers() {
        act(PARTITION + "/verify", "{\"from\":\"0\",\"to\":\"1\"}").has("to", 1);
        act(PARTITION + "/set-aside?dryRun=true", "{\"offset\":\"7\",\"reason\":\"r\"}")
                .has("offset", 7);
        act(LETTER + "/discard?dryRun=true", "{\"revision\":\"0\",\"reason\":\"r\"}")
                .has("state", "discarded");
        act(SINK + "/dead-letters/discard", "{\"expected\":\"7\",\"reason\":\"r\"}")
                .isProblem(409, "dead-letter-changed")
                .has("matching", 1);
    }
}
