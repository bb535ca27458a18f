package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static dev.sluice.scenario.Client.dense;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What newcomers send first, and the sentence that helps them. */
class FirstMistakesIT {

    private static final String PATH = partition("events", "0");

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0,1,2,3,4,5",
                "sluice.sinks.events.data-type=text",
                "sluice.sinks.lines.type=log",
                "sluice.sinks.lines.workers=1");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void hasWrittenNothing() {
        client.snapshot("events", "0").has("nextOffset", 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1}{'a':2}                  | --data-binary @file",
                "'a''b'                          | --data-binary @file",
                "[1][2]                          | --data-binary @file",
                "{'a':1} {'a':2}                 | --data-binary @file",
                "null null                       | --data-binary @file",
                "{'a':1},{'a':2}                 | no comma separates them",
                "1,foo                           | CSV",
                "[{'a':1},{'a':2}]               | Content-Type: application/json, as it is",
                "[1,2]                           | in a list of one: [[...]]",
                "[]                              | may be a list of records",
                "{'offset':0,'records':[1,2]}    | Content-Type: application/json and without a query",
                "{'records':[1,2],'offset':0}    | may be a batch",
                "{'first':0,'end':2,'offsets':[0,1],'records':[1,2]} | may be a batch",
                "[$ {'a':1},$ {'a':2}$]          | goes as application/json, and jq -c",
                "{$ 'a': 1$}                     | jq -c puts each value on a line of its own",
                "id,name$1,foo                   | CSV, YAML and forms are not understood",
                "name,id$foo,1                   | a text stands in double quotes",
                "foo=1&bar=2                     | forms are not understood",
                "<events><e/></events>           | XML or HTML",
                "%5B1%5D                         | URL-encoded",
                "NaN                             | no NaN",
                "{'a':NaN}                       | send null or a string",
                "{'a':-Infinity}                 | no NaN, Infinity",
                "{'a':None}                      | None",
                "{'a':True}                      | in small letters",
                "{'a':nan}                       | in small letters",
                "{'a':undefined}                 | the only words",
                "{'a':hello}                     | a text stands in double quotes",
                "{~a~:1}                         | names stand in double quotes",
                "{'a':~x~}                       | stand in double quotes",
                "{a:1}                           | names stand in double quotes",
                "{'a':1,}                        | leave the last comma out",
                "{'a':[1,2,]}                    | leave the last comma out",
                "{'a':1} // why                  | no comments",
                "{/* why */'a':1}                | no comments",
                " # why$1                        | no comments",
                "{'a':+1}                        | no plus sign",
                "{'a':.5}                        | like 0.5",
                "{\\'a\\':1}                     | the shell may have kept one",
                "“a”                             | typographic quotes",
                "``                              | the body has no record",
            })
    void tellsWhatIsWrongWithLines(String body, String advice) {
        Answer answer = client.post(PATH + "?offset=0", NDJSON, json(body)).isProblem(400, "malformed-batch");
        assertThat(answer.text("detail")).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1}                         | ?offset=0 | an array of records, like",
                "{'a':1}${'a':2}                 | ?offset=0 | application/x-ndjson",
                "[1]$[2]                         | ?offset=0 | application/x-ndjson",
                "1$2                             | ?offset=0 | application/x-ndjson",
                "{'events':[1]}                  | ``        | is the member 'records'",
                "{'offset':0,'data':[1]}         | ``        | is the member 'records'",
                "{'offset':'x','records':[1]}    | ``        | in digits",
                "{'offset':1e3,'records':[1]}    | ``        | in digits",
                "{'offset':-1,'records':[1]}     | ``        | from 0 to",
                "{'offset':0,'records':[1,]}     | ``        | leave the last comma out",
                "{'offset':0,'records':[1],}     | ``        | leave the last comma out",
                "{'offset':0,'records':[1] /**/} | ``        | no comments",
                "{offset:0,'records':[1]}        | ``        | names stand in double quotes",
                "{'offset':0,'records':{'a':1}}  | ``        | expected '['",
                "{'offset':0,'records':'x'}      | ``        | expected '['",
                "id,name                         | ?offset=0 | CSV",
                "<a/>                            | ?offset=0 | XML",
                "``                              | ?offset=0 | the body is empty",
                "[1]                             | ?offset=-1 | from 0 to",
                "[1]                             | ?offset=1e3 | from 0 to",
                "[1]                             | ?Offset=0 | did you mean offset",
            })
    void tellsWhatIsWrongWithADocument(String body, String query, String advice) {
        Answer answer = client.post(PATH + query, JSON, json(body)).isProblem(400, "malformed-batch");
        assertThat(answer.text("detail")).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1}${'a':2} | application/x-ndjson",
                "{'a':1}         | {\"offset\": n, \"records\": [{...}]}",
                "{'a':1}         | [{...}], with ?offset=n",
            })
    void tellsThatASingleObjectHasNoOffset(String body, String advice) {
        Answer answer = client.post(PATH, JSON, json(body)).isProblem(428, "offset-required");
        assertThat(answer.text("detail")).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'key':'a','value':1}]         | application/x-ndjson | Content-Type: application/json, as it is",
                "{'key':'a','value':1}{'key':'b','value':1} | application/x-ndjson | --data-binary",
                "{'key':'a','value':1}           | application/json | an array of records",
                "{'key':'a','value':1}${'key':'b','value':1} | application/json | application/x-ndjson",
                "{'id':'a'}                      | application/x-ndjson | {\"key\": \"...\", \"value\": v}",
                "[{'key':'a','value':1},]        | application/json | leave the last comma out",
                "``                              | application/json | the body is empty",
            })
    void tellsWhatIsWrongWithKeyedRecords(String body, String type, String advice) {
        Answer answer =
                client.post("/sinks/events/records?offset=0", type, json(body)).isProblem(400, "malformed-batch");
        assertThat(answer.text("detail")).contains(advice);
    }

    @Test
    void takesALoneArrayAsARecordWhereThatIsCertain() {
        String path = partition("events", "1");
        client.post(path + "?offset=0", NDJSON, "[1]\n[2]\n")
                .isWritten("committed")
                .has("written", 2);
        client.post(path + "?offset=2", JSON, "[[3]]").isWritten("committed").has("written", 1);
        client.post(path + "?offsets=inline&first=3&end=4", NDJSON, "{\"offset\":3,\"value\":[4]}")
                .isWritten("committed");
        client.post(path + "?offset=4", NDJSON, "{\"records\":[5]}").isWritten("committed");
        client.post(path + "?offset=5", NDJSON, "{\"offset\":1,\"value\":[5]}").isWritten("committed");
        client.post(path + "?offset=6", NDJSON, "{\"offset\":1,\"records\":[5],\"x\":1}")
                .isWritten("committed");
        client.post(path + "?offset=7", JSON, "[{\"offset\":1,\"records\":[5]}]")
                .isWritten("committed");
        assertThat(service.query("select data from events where partition_id = '1' order by source_offset"))
                .containsExactly(
                        "[1]",
                        "[2]",
                        "[3]",
                        "[4]",
                        "{\"records\":[5]}",
                        "{\"offset\":1,\"value\":[5]}",
                        "{\"offset\":1,\"records\":[5],\"x\":1}",
                        "{\"offset\":1,\"records\":[5]}");
    }

    @Test
    void tellsWorkersNoOffsetToSend() {
        Answer answer = client.post(partition("lines", "0"), NDJSON, "[1,2]").isProblem(400, "malformed-batch");
        assertThat(answer.text("detail")).contains("in a list of one: [[...]]").doesNotContain("offset");
        client.post(partition("lines", "0"), NDJSON, "1", "Offset", "5").isWritten("written");
    }

    @Test
    void tellsWhereTheOffsetGoes() {
        assertThat(client.post(PATH, NDJSON, "1", "Offset", "5")
                        .isProblem(428, "offset-required")
                        .text("detail"))
                .contains("the header Offset is not read", "?offset=5");
        assertThat(client.post(PATH, NDJSON, "1")
                        .isProblem(428, "offset-required")
                        .text("detail"))
                .contains("?offset=n");
        client.post("/sinks/events/records", NDJSON, "1", "X-Offset", "5").isProblem(428, "offset-required");
    }

    @Test
    void recognisesOtherEncodingsAndForgottenCompression() {
        for (String charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32BE"}) {
            assertThat(bytes(NDJSON, "{\"a\":1}\n".getBytes(Charset.forName(charset))))
                    .as(charset)
                    .contains("UTF-16", "send UTF-8");
            assertThat(bytes(JSON, "[1]\n".getBytes(Charset.forName(charset))))
                    .as(charset)
                    .contains("UTF-16", "send UTF-8");
        }
        assertThat(bytes(NDJSON, "\ufeff1".getBytes(StandardCharsets.UTF_8))).contains("byte order mark");
        assertThat(bytes(NDJSON, "\u001e1\n".getBytes(StandardCharsets.UTF_8))).contains("without the separators 0x1E");
        assertThat(bytes(NDJSON, "\u00a01\n".getBytes(StandardCharsets.UTF_8))).contains("no-break space");
        assertThat(bytes(NDJSON, gzip("1\n"))).contains("add the header Content-Encoding: gzip");
        assertThat(bytes(JSON, gzip("[1]"))).contains("add the header Content-Encoding: gzip");
        assertThat(bytes(NDJSON, Zstd.compress("1\n".getBytes(StandardCharsets.UTF_8))))
                .contains("add the header Content-Encoding: zstd");
        assertThat(client.post(PATH + "?offset=0", NDJSON, "1\n", "Content-Encoding", "gzip")
                        .isProblem(400, "malformed-batch")
                        .text("detail"))
                .contains("leave the header out if it is not compressed");
        assertThat(client.post(PATH + "?offset=0", NDJSON, "1\n", "Content-Encoding", "br")
                        .isProblem(415, "unsupported-media-type")
                        .text("detail"))
                .contains("without this header");
    }

    private static String bytes(String type, byte[] body) {
        return client.post(PATH + "?offset=0", type, BodyPublishers.ofByteArray(body))
                .isProblem(400, "malformed-batch")
                .text("detail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
                "application/x-jsonl",
                "application/jsonlines",
                "application/x-jsonlines",
                "application/json-lines",
                "application/x-json-lines",
                "application/ldjson",
                "application/x-ldjson",
                "text/x-ndjson",
                "text/jsonl",
                "Application/X-NDJSON; Charset=\"UTF-8\"",
                "application/x-ndjson;charset=utf8;header=present",
                "application/x-ndjson ; charset=us-ascii",
            })
    void takesLinesUnderEachOfTheirNames(String type) {
        client.post(partition("events", "2") + "?offset=0&dryRun=true", type, "1\n2\n")
                .isWritten("committed")
                .has("written", 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/json",
                "APPLICATION/JSON",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "application/json; CHARSET=Utf-8",
                "application/json;",
                "application/vnd.api+json",
                "application/cloudevents-batch+json; charset=utf-8",
                "application/problem+json",
                "application/x-json",
            })
    void takesADocumentUnderEachOfItsNames(String type) {
        client.post(partition("events", "2") + "?dryRun=true", type, dense(0, "1,2"))
                .isWritten("committed")
                .has("written", 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/x-www-form-urlencoded | add -H 'Content-Type: ...'",
                "multipart/form-data; boundary=x   | --data-binary @file instead of -F",
                "text/plain                        | does not tell what the body is",
                "application/octet-stream          | does not tell what the body is",
                "text/csv                          | a JSON value of each row",
                "application/xml                   | JSON alone",
                "text/html                         | JSON alone",
                "application/yaml                  | JSON alone",
                "application/gzip                  | Content-Encoding: gzip",
                "application/stream+json           | a sequence of values",
                "application/json-seq              | a sequence of values",
                "application/avro                  | application/x-ndjson",
                "application/json; charset=utf-16  | iconv -f UTF-16 -t UTF-8",
                "application/x-ndjson; charset=iso-8859-1 | iconv -f ISO-8859-1",
                "application/json; charset=nonsense-9 | charset=utf-8",
                "json                              | application/x-ndjson",
                "``                                | the request has no Content-Type",
            })
    void refusesOtherMediaTypesWithWhatToSend(String type, String advice) {
        Answer answer = client.post(PATH + "?offset=0", type, "1\n").isProblem(415, "unsupported-media-type");
        assertThat(answer.text("detail")).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /sinks/events/partitions/0/        | 404 | did you mean /sinks/events/partitions/0?",
                "POST | /sinks/events/partition/0          | 404 | did you mean /sinks/events/partitions/0?",
                "POST | /sink/events/partitions/0          | 404 | did you mean /sinks/events/partitions/0?",
                "POST | /sinks/events/0                    | 404 | did you mean /sinks/events/partitions/0?",
                "POST | /sinks/events/partitions/0/records | 404 | did you mean /sinks/events/partitions/0?",
                "POST | /sinks/events/record               | 404 | did you mean /sinks/events/records?",
                "GET  | /sinks/events/partitions/0/snapshots | 404 | did you mean /sinks/events/partitions/0/snapshot?",
                "GET  | /sinks/events/                     | 404 | did you mean /sinks/events?",
                "GET  | /somewhere                         | 404 | POST /sinks/{sink}/partitions/{partition}",
                "PUT  | /sinks/events/partitions/0         | 405 | allowed: GET, POST. Records are written with POST /sinks/events/partitions/0",
                "PATCH | /sinks/events/partitions/0        | 405 | Records are written with POST /sinks/events/partitions/0",
                "POST | /sinks/events                      | 405 | POST /sinks/events/partitions/{partition}",
                "POST | /sinks/events/partitions           | 405 | POST /sinks/events/partitions/{partition}",
                "DELETE | /sinks/events/partitions/0       | 405 | allowed: GET, POST",
                "GET  | /sinks/events/partitions/0/open    | 405 | allowed: POST",
            })
    void tellsTheRightPathAndMethod(String method, String path, int status, String advice) {
        Answer answer =
                client.method(method, path).isProblem(status, status == 404 ? "not-found" : "method-not-allowed");
        assertThat(answer.text("detail")).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'table','partitions':4}          | partitions | for 4 partitions write [\"0\", \"1\", \"2\", \"3\"]",
                "{'type':'table','partitions':'4'}        | partitions | for 4 partitions write",
                "{'type':'table','partitions':200}        | partitions | [\"0\", \"1\", ..., \"199\"]",
                "{'type':'table','partitions':'a, b'}     | partitions | write [\"a\", \"b\"]",
                "{'type':'table','partitions':{'0':{}}}   | partitions | but is an object",
                "{'type':'fanout','targets':'events'}     | targets    | like [\"events\"]",
                "{'type':'table','partitions':['0'],'dataType':'text'} | dataType | did you mean data-type",
                "{'type':'Table','partitions':['0']}      | type       | did you mean table",
                "{'type':'batching','target':'events','flush-interval':30} | flush-interval | write \"30s\" for seconds",
                "{'type':'batching','target':'events','flush-interval':'500'} | flush-interval | without a unit",
                "{'type':'log','workers':'many'}          | workers    | a whole number from 1",
            })
    void tellsWhatIsWrongWithADefinition(String json, String field, String advice) {
        Answer answer = client.put("/sinks/first", json(json)).isProblem(422, "invalid-definition");
        assertThat(answer.body().at("/errors/0/field").stringValue()).isEqualTo(field);
        assertThat(answer.body().at("/errors/0/message").stringValue()).contains(advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: table\npartitions: [a]\n",
                "{type: 'table'}",
                "{\"type\":\"table\",}",
                "# a sink\n{\"type\":\"table\"}",
            })
    void tellsThatADefinitionOverHttpIsJson(String body) {
        assertThat(client.put("/sinks/first", body)
                        .isProblem(400, "malformed-request")
                        .text("detail"))
                .contains("YAML is for the service's configuration", "{\"type\": \"table\"");
    }

    @Test
    void takesTextsForNumbersInADefinition() {
        assertThat(client.put("/sinks/four", "{\"type\":\"log\",\"workers\":\"4\"}")
                        .has("workers", 4)
                        .status())
                .isEqualTo(201);
    }

    private static String json(String text) {
        return text.replace('\'', '"').replace('~', '\'').replace('$', '\n');
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
}
