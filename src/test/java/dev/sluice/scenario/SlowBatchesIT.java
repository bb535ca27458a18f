package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batches that take longer than a statement may: told soon, to those who are concerned, and nothing is stuck for ever. */
class SlowBatchesIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.database.statement-timeout=2s",
                "sluice.sinks.slow.type=table",
                "sluice.sinks.slow.partitions=0,1,2,3",
                "sluice.sinks.deferred.type=table",
                "sluice.sinks.deferred.partitions=0");
        client = service.client();
        // A record takes a tenth of a second where it says so.
        service.execute("create function public.slow() returns trigger language plpgsql as"
                + " 'begin if new.data = ''\"slow\"'' then perform pg_sleep(0.1); end if; return new; end'");
        service.execute("create trigger slow before insert on slow for each row execute function public.slow()");
        service.execute("create function public.waits() returns trigger language plpgsql as"
                + " 'begin perform pg_advisory_xact_lock(4711); return new; end'");
        service.execute("create constraint trigger waits after insert on deferred deferrable initially deferred"
                + " for each row execute function public.waits()");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String records(String value, int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"" + value + "\"").collect(Collectors.joining(","));
    }

    @Test
    void advisesToSendLess() {
        Answer refused = client.batch("slow", "0", 0, records("slow", 40)).isProblem(503, "target-unavailable");
        assertThat(refused.text("detail")).contains("took too long").contains("Send fewer records in a batch");
        client.batch("slow", "0", 0, records("slow", 5)).isWritten("committed");
    }

    @Test
    void commitsWhatIsQuickEnoughByItself() {
        // Together they take too long, each alone does not.
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(client.postAsync(
                    Client.partition("slow", "1"),
                    Client.JSON,
                    Client.dense(i * 5L, records("slow", 5)),
                    "Prefer",
                    "wait=20"));
        }
        answers.forEach(CompletableFuture::join);
        for (int i = 0; i < 8; i++) {
            Answer repeated = client.batch("slow", "1", i * 5L, records("slow", 5));
            assertThat(repeated.status()).as(repeated.body().toString()).isEqualTo(200);
        }
        assertThat(service.query("select count(*) from slow where partition_id = '1'"))
                .containsExactly("40");
    }

    @Test
    void doesNotHoldUpNeighbours() {
        CompletableFuture<Answer> slow =
                client.postAsync(Client.partition("slow", "2"), Client.JSON, Client.dense(0, records("slow", 40)));
        for (int i = 0; i < 20; i++) {
            Answer quick = client.batch("slow", "3", i, "1");
            // One that was in the same group is told the same once, and passes alone.
            if (quick.status() == 503) {
                quick = client.batch("slow", "3", i, "1");
            }
            quick.isWritten("committed");
        }
        slow.join().isProblem(503, "target-unavailable");
    }

    @Test
    void knowsThatACommitThatWaitedForALockInVainWasRolledBack() throws SQLException {
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(4711)");
            client.batch("deferred", "0", 0, "1,2").isProblem(429, "busy");
        }
        assertThat(service.query("select count(*) from deferred")).containsExactly("0");
        client.batch("deferred", "0", 0, "1,2").isWritten("committed");
    }
}
