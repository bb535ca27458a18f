package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import dev.sluice.bench.service.Cpu;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What it costs that a hundred tabs of the console are kept up to date, each of a page whose fifty rows change. */
final class TabsQuestion implements Question {

    private static final int TABS = 100;
    private static final int ROWS = 50;

    @Override
    public String name() {
        return "tabs";
    }

    @Override
    public String title() {
        return "A hundred tabs of the console that watch fifty partitions each, all of which change";
    }

    @Override
    public String goal() {
        return "≤ 5 % of a core more than without them";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int partitions = lab.size(100_000, 1_000);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        AtomicLong events = new AtomicLong();
        try (Site site = Site.open(lab, name(), 1)) {
            new Api(site.service().url())
                    .put(
                            "/sinks/many",
                            "{\"type\":\"table\",\"partitions\":[\""
                                    + SinkSettings.names(partitions).replace(",", "\",\"") + "\"]}");
            site.database().execute("""
                    insert into sluice.snapshot (sink, partition_id, next_offset, version, updated_at)
                    select 'many', p::text, 100, 1, now() from generate_series(0, %d - 1) p""".formatted(partitions));
            clock.scheduleAtFixedRate(() -> move(site), 1, 1, TimeUnit.SECONDS);
            int seconds = lab.size(20, 3);
            share(site, seconds);
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Nobody watches", "% of a core", () -> share(site, seconds)),
                            new Rounds.Side(TABS + " tabs", "% of a core", () -> watched(site, events, seconds))));
            double more = series.get(1).median() - series.get(0).median();
            if (events.get() < TABS) {
                throw new IOException(events + " events: nothing was measured");
            }
            return new Answer(
                    series,
                    List.of(new Verdict("For " + TABS + " tabs", more, "% of a core", Goal.atMost(5))),
                    List.of("%,d partitions; %,d events were sent.".formatted(partitions, events.get())));
        } finally {
            clock.shutdownNow();
        }
    }

    /* Beside the service, so that only what watching costs is measured of it. */
    private static void move(Site site) {
        try {
            site.database()
                    .execute("update sluice.snapshot set next_offset = next_offset + 1, updated_at = now()"
                            + " where sink = 'many' and partition_id::bigint < " + ROWS);
        } catch (Exception e) {
            throw new IllegalStateException("Rows could not be changed", e);
        }
    }

    private static double share(Site site, int seconds) throws IOException, InterruptedException {
        double before = Cpu.seconds(site.service().pid());
        long begun = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        return (Cpu.seconds(site.service().pid()) - before) * 1e11 / (System.nanoTime() - begun);
    }

    private static double watched(Site site, AtomicLong events, int seconds) throws Exception {
        List<Socket> tabs = new ArrayList<>();
        try {
            for (int i = 0; i < TABS; i++) {
                tabs.add(tab(URI.create(site.service().url()), events));
            }
            TimeUnit.SECONDS.sleep(2);
            return share(site, seconds);
        } finally {
            for (Socket tab : tabs) {
                tab.close();
            }
        }
    }

    private static Socket tab(URI service, AtomicLong events) throws IOException {
        String rows = IntStream.range(0, ROWS).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.getOutputStream()
                .write(("GET /console/events?sinks=many&of=many&partitions=" + rows
                                + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(() -> count(socket, events));
        reader.setDaemon(true);
        reader.start();
        return socket;
    }

    private static void count(Socket socket, AtomicLong events) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("event: rows")).forEach(line -> events.incrementAndGet());
        } catch (IOException | UncheckedIOException e) {
            // The tab was closed.
        }
    }
}
