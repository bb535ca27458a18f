package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that no column takes get columns of their own. */
@Tag("conformance")
class AddColumnsIT {

    private static final AtomicInteger names = new AtomicInteger();

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String sink(String settings) {
        String sink = "g" + names.incrementAndGet();
        service.execute("create table " + sink + " (id int)");
        assertThat(client.put(
                                "/sinks/" + sink,
                                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\"],\"position\":\"none\","
                                        + "\"columns\":{\"id\":\"/id\"},\"other-members\":\"add-columns\"" + settings
                                        + "}")
                        .status())
                .isEqualTo(201);
        return sink;
    }

    private static List<String> columns(String table) {
        return service.query("select attname, format_type(atttypid, atttypmod) from pg_attribute"
                + " where attrelid = '" + table + "'::regclass and attnum > 0 and not attisdropped order by attname");
    }

    @Test
    void givesEachMemberAColumnThatTakesItsValues() {
        String sink = sink("");
        client.batch(
                        sink,
                        "0",
                        0,
                        "{\"id\":1,\"b\":true,\"n\":7,\"f\":1,\"s\":\"x\",\"o\":{\"k\":1},\"Odd \\\"name\":1,\"none\":null},"
                                + "{\"id\":2,\"f\":1.50,\"s\":5,\"o\":[1],\"n\":92233720368547758070,\"{key}\":false}")
                .isWritten("committed");
        assertThat(columns(sink))
                .containsExactlyInAnyOrder(
                        "id integer",
                        "b boolean",
                        "n numeric",
                        "f numeric",
                        "s text",
                        "o jsonb",
                        "Odd \"name bigint",
                        "{key} boolean");
        assertThat(service.query("select b, n, f, s, o, \"Odd \"\"name\", \"{key}\" from " + sink + " order by id"))
                .containsExactly("t 7 1 x {\"k\": 1} 1 null", "null 92233720368547758070 1.50 5 [1] null f");
        assertThat(service.query("select col_description('" + sink + "'::regclass, 2) like 'added by Sluice %'"))
                .containsExactly("t");
        // A later value that does not fit is a refused record, never another type.
        client.batch(sink, "0", 2, "{\"id\":3,\"b\":\"maybe\"}").isProblem(422, "record-rejected");
        client.batch(sink, "0", 2, "{\"id\":3,\"b\":false,\"none\":1}").isWritten("committed");
        assertThat(service.query("select b, \"none\" from " + sink + " where id = 3"))
                .containsExactly("f 1");
    }

    @Test
    void addsNoMoreThanItMay() {
        String sink = sink(",\"max-new-columns\":2");
        client.batch(sink, "0", 0, "{\"id\":1,\"a\":1}").isWritten("committed");
        Answer answer = client.batch(sink, "0", 1, "{\"id\":2,\"b\":1,\"c\":1}").isProblem(422, "record-rejected");
        assertThat(answer.body().at("/rejected/0/hint").stringValue()).contains("max-new-columns");
        client.batch(sink, "0", 1, "{\"id\":2,\"b\":1}").isWritten("committed");
        client.batch(sink, "0", 2, "{\"id\":3,\"c\":1}").isProblem(422, "record-rejected");
        service.execute("alter table " + sink + " add column c int"); // what others add does not count
        client.batch(sink, "0", 2, "{\"id\":3,\"c\":1}").isWritten("committed");
        client.batch(sink, "0", 3, "{\"id\":4,\"" + "n".repeat(64) + "\":1}").isProblem(422, "record-rejected");
        assertThat(columns(sink)).containsExactly("a bigint", "b bigint", "c integer", "id integer");
    }

    @Test
    void refusesMembersThatCannotBeColumns() {
        String sink = sink("");
        Answer answer = client.batch(sink, "0", 0, "{\"id\":1,\"ctid\":5,\"good\":1},{\"id\":2,\"good\":1}")
                .isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").size()).isEqualTo(1);
        client.post(Client.partition(sink, "0") + "?offset=0&dryRun=true", Client.NDJSON, "{\"id\":1,\"xmin\":5}")
                .isProblem(422, "record-rejected");
        client.batch(sink, "0", 0, "{\"id\":2,\"good\":1}").isWritten("committed");
    }

    @Test
    void looksAtAllRecordsOfAKeyedRequestBeforeItChoosesAType() {
        String sink = sink("");
        // Numbers for the first partition, whose records come first, and nothing but texts for the others.
        String records = IntStream.range(0, 20)
                .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":{\"id\":" + i + ",\"x\":"
                        + (client.get("/sinks/" + sink + "/partition-for?key=k" + i)
                                        .text("partition")
                                        .equals("0")
                                ? "1"
                                : "\"a\"")
                        + "}}")
                .collect(Collectors.joining("\n"));
        assertThat(records).contains("\"x\":1", "\"x\":\"a\"");
        assertThat(client.post("/sinks/" + sink + "/records?offset=0", Client.NDJSON, records)
                        .status())
                .isEqualTo(200);
        assertThat(columns(sink)).containsExactly("id integer", "x text");
    }

    @Test
    void addsNothingOnADryRun() {
        String sink = sink("");
        Answer answer =
                client.post(Client.partition(sink, "0") + "?offset=0&dryRun=true", Client.NDJSON, "{\"id\":1,\"a\":1}");
        answer.isWritten("committed");
        assertThat(columns(sink)).containsExactly("id integer");
        client.post(Client.partition(sink, "0") + "?offset=0&dryRun=true", Client.NDJSON, "{\"id\":\"x\",\"a\":1}")
                .isProblem(422, "record-rejected");
    }

    @Test
    void tellsWhoKeepsTheTableFromBeingAltered() throws SQLException {
        String sink = sink("");
        try (Connection reader = service.database().connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("set application_name = 'the nightly dump'");
            statement.executeQuery("select * from " + sink);
            Answer answer = client.batch(sink, "0", 0, "{\"id\":1,\"a\":1}").isProblem(503, "target-unavailable");
            assertThat(answer.text("detail")).contains("the nightly dump", "AccessShareLock");
            client.batch(sink, "0", 0, "{\"id\":1}").isWritten("committed"); // others go on
        }
        client.batch(sink, "0", 1, "{\"id\":2,\"a\":1}").isWritten("committed");
    }

    /** Through two replicas, with a view on the table. */
    @Test
    void isSafeBesideWritersAndReplicas() {
        String sink = sink("");
        service.execute("create view " + sink + "_view as select * from " + sink);
        try (InProcess other = InProcess.on(service.database(), List.of(), "spring.application.name=sluice")) {
            int batches = 12;
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int p = 0; p < 4; p++) {
                int part = p;
                Client through = p % 2 == 0 ? client : other.client();
                writers.add(CompletableFuture.runAsync(() -> {
                    for (int b = 0; b < batches; b++) {
                        int member = b;
                        String records = IntStream.range(0, 50)
                                .mapToObj(i -> "{\"id\":" + (member * 50 + i) + ",\"common" + member / 3 + "\":" + part
                                        + ",\"own" + part + "_" + member / 6 + "\":\"x\"}")
                                .collect(Collectors.joining("\n"));
                        through.post(
                                        Client.partition(sink, Integer.toString(part)) + "?offset=" + b * 50,
                                        Client.NDJSON,
                                        records)
                                .isWritten("committed");
                    }
                }));
            }
            writers.forEach(CompletableFuture::join);
        }
        assertThat(service.query(
                        "select count(*), count(common0), count(common3), count(own1_0), count(own3_1) from " + sink))
                .containsExactly("2400 600 600 300 300");
        assertThat(columns(sink)).hasSize(1 + 4 + 8);
    }
}
