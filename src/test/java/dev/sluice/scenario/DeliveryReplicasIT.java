package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Several processes look at one buffer: each record is delivered once, by one of them. */
class DeliveryReplicasIT {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    @Test
    void deliversEachRecordOnceWhicheverReplicaAcceptedIt() {
        Database database = PostgresForTests.freshDatabase();
        try (Receiver receiver = Receiver.ignoringKeys();
                InProcess one = replica(database, receiver);
                InProcess two = replica(database, receiver)) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            List<InProcess> replicas = List.of(one, two);
            for (int i = 0; i < 300; i++) {
                for (String partition : List.of("0", "1")) {
                    replicas.get(random.nextInt(2))
                            .client()
                            .batch("buffered", partition, i, "" + (partition.equals("0") ? i : 1000 + i))
                            .isWritten("committed");
                }
            }
            for (String partition : List.of("0", "1")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                one.client().snapshot("buffered", partition).number("deliveredOffset") == 300);
            }
            List<Integer> delivered = new ArrayList<>();
            receiver.effects()
                    .forEach(body -> NUMBER.matcher(body)
                            .results()
                            .forEach(number -> delivered.add(Integer.parseInt(number.group()))));
            assertThat(delivered).as("seed " + seed).hasSize(600);
            assertThat(new HashSet<>(delivered)).hasSize(600);
            assertThat(delivered.stream().filter(number -> number < 1000).toList())
                    .as("in order within the partition, seed " + seed)
                    .isSorted();
            assertThat(receiver.repeated()).isZero();
            assertThat(one.query("select count(*) from sluice.buffer")).containsExactly("0");
            assertThat(one.query("select sum(backlog_records), sum(backlog_bytes) from sluice.delivery"))
                    .containsExactly("0 0");
        }
    }

    private static InProcess replica(Database database, Receiver receiver) {
        return InProcess.on(
                database,
                List.of(),
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.url=" + receiver.url("/in"),
                "sluice.sinks.hook.partitions=0,1",
                "sluice.sinks.buffered.type=batching",
                "sluice.sinks.buffered.target=hook",
                "sluice.sinks.buffered.batch-size=7",
                "sluice.sinks.buffered.flush-interval=100ms");
    }
}
