package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load, by the shipped jar. */
class ShutdownIT {

    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    /** Writes batch after batch of one record to a partition of its own until it is refused or cut off. */
    private static final class Writer extends Thread {

        private final Client client;
        private final String partition;
        private final AtomicLong acknowledged = new AtomicLong();
        private volatile String ended = "";

        Writer(Client client, int partition) {
            this.client = client;
            this.partition = Integer.toString(partition);
            start();
        }

        @Override
        public void run() {
            while (ended.isEmpty()) {
                long offset = acknowledged.get();
                try {
                    Answer answer = client.batch("rows", partition, offset, "1");
                    if (answer.status() == 200) {
                        acknowledged.set(answer.number("nextOffset"));
                    } else {
                        ended = Integer.toString(answer.status());
                    }
                } catch (UncheckedIOException e) {
                    ended = "cut";
                }
            }
        }
    }

    @Test
    void answersOrCutsEachRequestAndEndsInTime() throws IOException, InterruptedException {
        Database database = PostgresForTests.freshDatabase();
        try (ServiceProcess service = ServiceProcess.on(
                        database,
                        directory,
                        List.of(),
                        "spring.lifecycle.timeout-per-shutdown-phase=" + GRACE.toSeconds() + "s",
                        "server.tomcat.connection-timeout=1m",
                        "sluice.sinks.rows.type=table",
                        "sluice.sinks.rows.partitions=0,1,2,3,4,5,6,7,8,9");
                RawConnection slow = new RawConnection(service.client().port())
                        .head("rows", "8", "Content-Length: 100\r\n")
                        .send("1\n")) {
            List<Writer> writers = IntStream.range(0, 8)
                    .mapToObj(i -> new Writer(service.client(), i))
                    .toList();
            await().until(() -> writers.stream().allMatch(writer -> writer.acknowledged.get() >= 20));

            service.signal("TERM");

            for (Writer writer : writers) {
                writer.join(GRACE.toMillis());
                assertThat(writer.ended).isIn("503", "cut");
            }
            await().atMost(GRACE.multipliedBy(3)).until(() -> !service.isAlive());
            assertThatThrownBy(slow::answer).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> service.client().batch("rows", "9", 0, "1"))
                    .isInstanceOf(UncheckedIOException.class);

            service.start();
            for (Writer writer : writers) {
                long acknowledged = writer.acknowledged.get();
                long stands =
                        service.client().snapshot("rows", writer.partition).number("nextOffset");
                assertThat(stands).isBetween(acknowledged, acknowledged + 1);
                assertThat(InProcess.query(
                                database, "select count(*) from rows where partition_id = '" + writer.partition + "'"))
                        .containsExactly(Long.toString(stands));
                String again = stands == acknowledged ? "committed" : "duplicate";
                service.client()
                        .batch("rows", writer.partition, acknowledged, "1")
                        .isWritten(again);
            }
            service.client().snapshot("rows", "8").has("nextOffset", 0);
        }
    }
}
