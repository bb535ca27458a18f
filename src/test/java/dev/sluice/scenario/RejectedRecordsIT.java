package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a table of somebody's own has against a record, it is the record that is told, and nobody else waits. */
@Tag("conformance")
class RejectedRecordsIT {

    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.own.type=table",
                "sluice.sinks.own.partitions=0,1,2,3,4,5,6,7,8,9",
                "sluice.sinks.own.table=own");
        client = service.client();
        service.execute("create index on own ((data ->> 'indexed'))");
        service.execute("alter table own add check (data ->> 'k' <> 'check')");
        service.execute("create function speak() returns trigger language plpgsql as $$ begin"
                + " if new.data ->> 'k' = 'raise' then raise exception 'not this one'; end if;"
                + " if new.data ->> 'k' = 'own-code' then raise exception 'not this one' using errcode = 'U0001'; end if;"
                + " if new.data ->> 'k' = 'number' then perform (new.data ->> 'n')::int; end if;"
                + " return new; end $$");
        service.execute("create trigger at_once before insert on own for each row execute function speak()");
        service.execute("create function speak_late() returns trigger language plpgsql as $$ begin"
                + " if new.data ->> 'k' = 'deferred' then raise exception 'too late'; end if; return new; end $$");
        service.execute("create constraint trigger late after insert on own deferrable initially deferred"
                + " for each row execute function speak_late()");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"check, 23514", "raise, P0001", "own-code, U0001", "number, 22P02", "deferred, P0001"})
    void namesTheRecordAndTheCode(String kind, String code) {
        String part = Integer.toString(used++);
        String bad = "{\"k\":\"" + kind + "\",\"n\":\"x\"}";
        for (String query : new String[] {"", "?dryRun=true"}) {
            Answer answer = client.post(
                            Client.partition("own", part) + query,
                            Client.JSON,
                            Client.dense(0, "{\"k\":\"fine\"}," + bad + ",{}," + bad))
                    .isProblem(422, "record-rejected");
            assertThat(answer.body().path("rejected").size()).isEqualTo(2);
            assertThat(answer.body().at("/rejected/0/offset").longValue()).isEqualTo(1);
            assertThat(answer.body().at("/rejected/0/code").stringValue()).isEqualTo(code);
            assertThat(answer.body().at("/rejected/1/offset").longValue()).isEqualTo(3);
        }
        client.batch("own", part, 0, "{\"k\":\"fine\"}").isWritten("committed");
    }

    @Test
    void namesTheRecordThatDoesNotFitIntoAnIndex() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        random.ints(9_000, 'a', 'z')
                .forEach(letter -> text.append((char) letter).append(random.nextInt(10)));
        Answer answer =
                client.batch("own", "8", 0, "{},{\"indexed\":\"" + text + "\"}").isProblem(422, "record-rejected");
        assertThat(answer.body().at("/rejected/0/offset").longValue()).isEqualTo(1);
        assertThat(answer.body().at("/rejected/0/code").stringValue()).isEqualTo("54000");
    }

    @Test
    void namesTheRowThatSomebodyElseHasPutThere() {
        service.execute("insert into own values ('9', 1, '{}')");
        Answer answer = client.batch("own", "9", 0, "{},{}").isProblem(422, "record-rejected");
        assertThat(answer.body().at("/rejected/0/offset").longValue()).isEqualTo(1);
        assertThat(answer.body().at("/rejected/0/code").stringValue()).isEqualTo("23505");
        assertThat(answer.body().at("/rejected/0/hint").stringValue()).contains("never committed");
    }

    @Test
    void blamesNobodyForATableThatIsAway() {
        service.execute("alter table own rename to away");
        try {
            client.batch("own", "7", 0, "{}").isProblem(503, "target-unavailable");
        } finally {
            service.execute("alter table away rename to own");
        }
        client.batch("own", "7", 0, "{}").isWritten("committed");
    }

    /* A round that fails is repeated after a look at the table, whatever the rounds beside it have found meanwhile. */
    @Test
    void namesTheRecordWhateverGoesOnBesideIt() {
        String sink = "beside";
        assertThat(client.put(
                                "/sinks/" + sink,
                                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\"]}")
                        .status())
                .isEqualTo(201);
        service.execute("alter table " + sink + " add check (data <> '\"bad\"')");
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> good = IntStream.range(0, 4)
                .mapToObj(partition -> CompletableFuture.runAsync(() -> {
                    for (int offset = 0; !stop.get(); offset++) {
                        client.batch(sink, Integer.toString(partition), offset, "1")
                                .isWritten("committed");
                    }
                }))
                .toList();
        List<CompletableFuture<Void>> bad = IntStream.range(4, 6)
                .mapToObj(partition -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 100; i++) {
                        client.batch(sink, Integer.toString(partition), 0, "1,\"bad\"")
                                .isProblem(422, "record-rejected");
                    }
                }))
                .toList();
        bad.forEach(CompletableFuture::join);
        stop.set(true);
        good.forEach(CompletableFuture::join);
    }
}
