package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape tells after traffic of all kinds: values, not only names. */
class MetersIT {

    @TempDir
    static Path directory;

    private static Traffic traffic;
    private static Scrape scrape;

    @BeforeAll
    static void start() {
        traffic = new Traffic(directory);
        traffic.send();
        // What comes from the database is some seconds old.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            scrape = Scrape.of(traffic.client());
            assertThat(scrape.one("sluice_buffer_records", "sink=waits")).isEqualTo(3);
            assertThat(scrape.one("sluice_buffer_records", "sink=quick")).isZero();
            assertThat(scrape.one("sluice_partitions", "sink=both", "state=active"))
                    .isEqualTo(1);
        });
    }

    @AfterAll
    static void stop() {
        traffic.close();
    }

    private static double batches(String... labels) {
        return scrape.sum("sluice_batches_seconds_count", labels);
    }

    private static double records(String sink, String outcome) {
        return scrape.one("sluice_records_total", "sink=" + sink, "outcome=" + outcome);
    }

    @Test
    void countsRequestsByOutcome() {
        assertThat(batches("sink=rows", "status=200", "outcome=committed")).isEqualTo(2);
        assertThat(batches("sink=rows", "outcome=duplicate")).isEqualTo(1);
        assertThat(batches("sink=rows", "outcome=trimmed")).isEqualTo(1);
        assertThat(batches("sink=rows", "outcome=dry-run")).isEqualTo(1);
        assertThat(batches("sink=rows", "status=422", "outcome=offset-conflict"))
                .isEqualTo(1);
        assertThat(batches("sink=rows", "status=422", "outcome=record-rejected"))
                .isEqualTo(1);
        assertThat(batches("sink=rows", "status=400", "outcome=malformed-batch"))
                .isEqualTo(1);
        assertThat(batches("sink=none", "status=404", "outcome=unknown-sink")).isEqualTo(1);
        assertThat(batches("sink=keyed", "status=200", "outcome=committed")).isEqualTo(1);
        assertThat(batches("sink=crew", "status=200", "outcome=committed")).isEqualTo(1);
        assertThat(scrape.values("sluice_", "sink")).doesNotContain("nowhere");
        assertThat(scrape.sum("sluice_batches_seconds_bucket", "sink=rows", "outcome=committed", "le=10.0"))
                .isEqualTo(2);
        assertThat(scrape.sum("sluice_batches_seconds_sum", "sink=rows")).isPositive();
    }

    @Test
    void countsRecordsAndBytes() {
        assertThat(records("rows", "written")).isEqualTo(4);
        assertThat(records("rows", "duplicate")).isEqualTo(3);
        assertThat(records("rows", "rejected")).isEqualTo(1);
        assertThat(records("keyed", "written")).isEqualTo(2);
        assertThat(records("crew", "written")).isEqualTo(2);
        assertThat(scrape.one("sluice_received_bytes_total", "sink=crew")).isEqualTo("1\n2\n".length());
        assertThat(scrape.one("sluice_received_bytes_total", "sink=archive"))
                .isEqualTo(Client.dense(0, "1").length());
    }

    @Test
    void countsProblemsByTypeWhereverTheyCome() {
        assertThat(scrape.one("sluice_problems_total", "sink=rows", "type=offset-conflict"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_problems_total", "sink=rows", "type=offset-gap"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_problems_total", "sink=none", "type=unknown-sink"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_problems_total", "sink=rows", "type=malformed-request"))
                .isEqualTo(1);
        // Before the first one: what begins at 1 has no rate.
        assertThat(scrape.one("sluice_problems_total", "sink=keyed", "type=offset-conflict"))
                .isZero();
    }

    @Test
    void countsFencing() {
        assertThat(scrape.one("sluice_fencing_total", "sink=rows", "event=opened"))
                .isEqualTo(2);
        assertThat(scrape.one("sluice_fencing_total", "sink=rows", "event=fenced"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_fencing_total", "sink=rows", "event=unknown"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_partitions", "sink=rows", "state=opened")).isEqualTo(1);
        assertThat(scrape.one("sluice_partitions", "sink=rows", "state=active")).isEqualTo(2);
        assertThat(scrape.one("sluice_partitions", "sink=rows", "state=all")).isEqualTo(3);
        assertThat(scrape.one("sluice_partitions", "sink=rows", "state=failing"))
                .isZero();
    }

    @Test
    void measuresCommitsAndLanes() {
        assertThat(scrape.sum("sluice_commit_seconds_count", "kind=joint", "result=committed"))
                .isPositive();
        assertThat(scrape.sum("sluice_commit_seconds_count", "kind=single", "result=committed"))
                .isPositive();
        assertThat(scrape.one("sluice_commit_seconds_count", "kind=keyed", "result=committed"))
                .isEqualTo(1);
        assertThat(scrape.sum("sluice_commit_seconds_count", "kind=sent", "result=committed"))
                .isPositive();
        assertThat(scrape.sum("sluice_commit_batches_count")).isPositive();
        // Three committed or decided otherwise in rows/0, a dry run, a conflict, a gap, a refusal; four in rows/1.
        assertThat(scrape.one("sluice_lanes_wait_seconds_count", "sink=rows")).isEqualTo(11);
        assertThat(scrape.one("sluice_lanes_waiting", "sink=rows")).isZero();
        assertThat(scrape.one("sluice_lanes_waiting_bytes", "sink=rows")).isZero();
        assertThat(scrape.one("sluice_lanes_parked", "sink=rows")).isZero();
    }

    @Test
    void showsWhatWaitsInBuffers() {
        assertThat(scrape.one("sluice_buffer_records", "sink=waits")).isEqualTo(3);
        assertThat(scrape.one("sluice_buffer_bytes", "sink=waits")).isEqualTo(3);
        assertThat(scrape.one("sluice_buffer_oldest_seconds", "sink=waits")).isPositive();
        assertThat(scrape.one("sluice_buffer_fullest", "sink=waits")).isEqualTo(3);
        assertThat(scrape.one("sluice_buffer_limit", "sink=waits")).isEqualTo(1_000_000);
        assertThat(scrape.one("sluice_buffer_interval_seconds", "sink=waits")).isEqualTo(3600);
        assertThat(scrape.one("sluice_buffer_records", "sink=quick")).isZero();
        assertThat(scrape.one("sluice_buffer_oldest_seconds", "sink=quick")).isZero();
        assertThat(scrape.one("sluice_delivery_seconds_count", "sink=quick", "result=delivered"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_delivery_seconds_count", "sink=quick", "result=failed"))
                .isZero();
    }

    @Test
    void countsTriesAndShowsTheBreaker() {
        assertThat(scrape.one("sluice_http_tries_seconds_count", "sink=hook", "status=5xx"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_http_tries_seconds_count", "sink=hook", "status=2xx"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_http_breaker", "sink=hook", "state=closed"))
                .isEqualTo(1);
        assertThat(scrape.one("sluice_http_breaker", "sink=hook", "state=open")).isZero();
    }

    @Test
    void showsTheServiceItself() {
        assertThat(scrape.one("sluice_storage_up")).isEqualTo(1);
        assertThat(scrape.one("sluice_replicas")).isEqualTo(1);
        assertThat(scrape.one("sluice_sinks_unusable")).isZero();
        assertThat(scrape.one("sluice_definition_revision")).isZero();
        assertThat(scrape.one("sluice_spool_memory_bytes")).isZero();
        assertThat(scrape.one("sluice_spool_limit_bytes", "medium=disk")).isEqualTo((double) (16L << 30));
        assertThat(scrape.one("sluice_admission_limit", "bound=max-requests")).isEqualTo(640);
        assertThat(scrape.one("sluice_disk_free_bytes", "what=spool")).isPositive();
        assertThat(scrape.one("sluice_disk_free_bytes", "what=sink", "sink=archive"))
                .isPositive();
        assertThat(scrape.one("sluice_sink_failing", "sink=rows", "activity=write"))
                .isZero();
        assertThat(scrape.one("sluice_sink_failing_time_seconds", "sink=rows", "activity=write"))
                .isZero();
    }

    @Test
    void measuresWhatGrowsOnOneReplica() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Scrape later = Scrape.of(traffic.client());
            assertThat(later.one("sluice_database_size_bytes")).isPositive();
            assertThat(later.one("sluice_receipts_size_bytes")).isPositive();
            assertThat(later.one("sluice_receipts_oldest_seconds")).isPositive();
            assertThat(later.one("sluice_target_size_bytes", "sink=rows")).isPositive();
        });
    }
}
