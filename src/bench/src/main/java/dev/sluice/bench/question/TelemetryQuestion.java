package dev.sluice.bench.question;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What it costs to be watched: a scrape every five seconds, and one trace in a hundred exported. */
final class TelemetryQuestion implements Question {

    @Override
    public String name() {
        return "telemetry";
    }

    @Override
    public String title() {
        return "Single records with a scrape every 5 s, and with 1 % of traces exported, against neither";
    }

    @Override
    public String goal() {
        return "≥ 0.98 × with scrapes, ≥ 0.97 × with traces, by CPU";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        SingleLoad load = new SingleLoad(lab);
        AtomicLong exports = new AtomicLong();
        HttpServer collector = collector(exports);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
        try (Site plain = Site.open(lab, "plain", SingleLoad.PARTITIONS);
                Site scraped = Site.open(lab, "scraped", SingleLoad.PARTITIONS);
                Site traced = Site.open(
                        lab,
                        "traced",
                        SingleLoad.PARTITIONS,
                        "--management.opentelemetry.tracing.export.otlp.endpoint=" + endpoint)) {
            for (Site site : List.of(plain, scraped, traced)) {
                load.warmUp(site);
            }
            AtomicLong scrapes = new AtomicLong();
            Api api = new Api(scraped.service().url());
            clock.scheduleAtFixedRate(() -> scrape(api, scrapes), 0, 5, TimeUnit.SECONDS);
            List<Rounds.Side> sides = new ArrayList<>();
            sides.addAll(load.sides("Plain", plain));
            sides.addAll(load.sides("Scraped", scraped));
            sides.addAll(load.sides("Traced", traced));
            List<Series> series = Rounds.run(lab, sides);
            if (exports.get() == 0 || scrapes.get() == 0) {
                throw new IOException(exports + " exports of traces, " + scrapes + " scrapes: nothing was measured");
            }
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(3), series.get(1), Goal.atLeast(0.98)),
                            Verdict.ratio(series.get(5), series.get(1), Goal.atLeast(0.97)),
                            Verdict.ratio(series.get(2), series.get(0), Goal.none()),
                            Verdict.ratio(series.get(4), series.get(0), Goal.none())),
                    List.of("%d scrapes, %d exports of traces.".formatted(scrapes.get(), exports.get())));
        } finally {
            clock.shutdownNow();
            collector.stop(0);
        }
    }

    private static void scrape(Api api, AtomicLong scrapes) {
        try {
            api.get("/actuator/prometheus");
            scrapes.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpServer collector(AtomicLong exports) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exports.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
