package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever defines sinks must not be able to fill what collects their meters. */
class ManySinksMetersIT {

    private static final int SINKS = 150;
    private static final int NAMED = 100;

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(IntStream.range(0, SINKS)
                .mapToObj(ManySinksMetersIT::name)
                .flatMap(sink -> Stream.of(
                        "sluice.sinks." + sink + ".type=table",
                        "sluice.sinks." + sink + ".table=shared",
                        "sluice.sinks." + sink + ".partitions=" + sink))
                .toArray(String[]::new));
        client = service.client();
        IntStream.range(0, SINKS)
                .mapToObj(ManySinksMetersIT::name)
                .forEach(sink -> client.batch(sink, sink, 0, "1").isWritten("committed"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String name(int i) {
        return "s" + (1_000 + i);
    }

    @Test
    void namesAHundredSinksAndCountsTheOthersTogether() {
        Scrape scrape = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> Scrape.of(client),
                        // What comes from the database is some seconds old.
                        now -> now.one("sluice_partitions", "sink=other", "state=active") == SINKS - NAMED);
        assertThat(scrape.values("sluice_", "sink"))
                .hasSize(NAMED + 2)
                .contains("other", "none")
                .allMatch(sink -> sink.equals("other") || sink.equals("none") || sink.matches("s\\d{4}"));
        assertThat(scrape.one("sluice_records_total", "sink=" + name(0), "outcome=written"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_records_total", "sink=other", "outcome=written"))
                .isEqualTo(SINKS - NAMED);
        assertThat(scrape.one("sluice_partitions", "sink=other", "state=all")).isEqualTo(SINKS - NAMED);
        assertThat(scrape.sum("sluice_batches_seconds_count", "outcome=committed"))
                .isEqualTo(SINKS);
    }
}
