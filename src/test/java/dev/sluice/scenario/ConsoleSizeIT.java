package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Browser.Shown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console beside a sink of 100,000 partitions and 10,000 dead letters. What pages take is logged; only what they
 * weigh is held to a bound, since a machine may have other things to do.
 */
class ConsoleSizeIT {

    private static final Logger log = LoggerFactory.getLogger(ConsoleSizeIT.class);
    private static final int MOST_BYTES = 120_000;
    private static final int LETTERS = 10_000;

    private static InProcess service;
    private static Browser browser;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        browser = new Browser(service.client().port());
        String partitions =
                IntStream.range(0, 100_000).mapToObj(i -> "\"p" + i + "\"").collect(Collectors.joining(","));
        assertThat(service.client()
                        .put("/sinks/wide", "{\"type\":\"table\",\"partitions\":[" + partitions + "]}")
                        .status())
                .isEqualTo(201);
        service.execute("insert into sluice.snapshot (sink, partition_id, next_offset, version)"
                + " select 'wide', 'p' || i, i, 1 from generate_series(0, 99999) i on conflict do nothing");
        service.execute("insert into sluice.dead_letter (sink, partition_id, source_offset, data, hash, code, field,"
                + " message, fencing_token, record_number, refused_at)"
                + " select 'wide', 'p' || i, i / 2, convert_to('{\"delay\": ' || i || '}', 'UTF8'), i,"
                + " (array['23514', '22P02', '23502'])[1 + i % 3], 'field ' || i % 40,"
                + " 'the target refuses record ' || i, 0, i, now() - i * interval '1 second'"
                + " from generate_series(1, " + LETTERS + ") i");
        service.execute("insert into sluice.audit (actor, action, sink, outcome, reason)"
                + " select 'key:' || i % 7, 'pause', 'wide', 'done', 'reason ' || i from generate_series(1, 10000) i");
        service.execute("analyze");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/sinks",
                "/console/sinks/wide",
                "/console/sinks/wide?from=p50000&used=true",
                "/console/sinks/wide?prefix=p9999",
                "/console/sinks/wide?dead-letters=true",
                "/console/sinks/wide?lagging=true",
                "/console/sinks/wide/partitions/p99999",
                "/console/sinks/wide/partitions/p5000",
                "/console/sinks/wide/dead-letters",
                "/console/sinks/wide/dead-letters?state=all&code=23514",
                "/console/sinks/wide/dead-letters?partition=p7",
                "/console/sinks/wide/partitions/p5000/dead-letters/2500",
                "/console/acts/edit-letter?sink=wide&partition=p5000&offset=2500",
                "/console/acts/discard-all?sink=wide",
                "/console/acts/pause?sink=wide",
                "/console/sinks/wide/edit",
                "/console/sinks/wide/tasks",
                "/console/audit",
                "/console/audit?sink=wide&action=pause",
                "/console/problems",
                "/console/keys",
                "/console/service"
            })
    void showsPagesSoon(String path) {
        long best = Long.MAX_VALUE;
        int bytes = 0;
        for (int i = 0; i < 8; i++) {
            long begun = System.nanoTime();
            bytes = browser.get(path).is(200).html().getBytes(StandardCharsets.UTF_8).length;
            best = Math.min(best, System.nanoTime() - begun);
        }
        log.info("{} takes {} ms, {} bytes", path, best / 1_000_000, bytes);
        // Whoever edits a definition has all of it in the page.
        if (!path.endsWith("/edit")) {
            assertThat(bytes).isLessThan(MOST_BYTES);
        }
    }

    @Test
    void showsFiftyAPage() {
        Shown page = browser.get("/console/sinks/wide").is(200);

        assertThat(page.html().split("<tr data-row=\"p:", -1)).hasSize(51);
        assertThat(page.html()).contains("?from=p50\" rel=\"next\"");
    }

    @Test
    void isSmallOverTheWireWhenNothingIsKept() {
        Shown page = browser.get("/console").is(200);
        Matcher files =
                Pattern.compile("(?:href|src)=\"(/console/assets/[^\"]+)\"").matcher(page.html());
        List<String> paths =
                files.results().map(found -> found.group(1)).distinct().toList();
        assertThat(paths).hasSize(5);

        long bytes = page.html().getBytes(StandardCharsets.UTF_8).length;
        for (String path : paths) {
            bytes += browser.get(path, "Accept-Encoding", "gzip")
                    .is(200)
                    .response()
                    .headers()
                    .firstValueAsLong("Content-Length")
                    .orElseThrow();
        }
        log.info("The first page has {} bytes with all that it loads", bytes);
        assertThat(bytes).isLessThan(MOST_BYTES);
    }
}
