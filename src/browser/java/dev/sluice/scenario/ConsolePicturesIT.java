package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of the documentation: a service of an airport, with one delivery that fails and a few dead letters. To
 * take them again:
 *
 * <pre>
 * ./mvnw -Pbrowser test-compile failsafe:integration-test -Dit.test=ConsolePicturesIT \
 *     -Dsluice.test.scene=60
 * </pre>
 *
 * They are then in {@code target/console/shown-*.png}; {@code pngquant} or another program that leaves them fewer colours
 * makes them small enough for {@code src/docs/pictures}.
 */
class ConsolePicturesIT {

    private static final String LETTERS = ",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}";
    private static final List<String> AIRPORTS = List.of("FRA", "DTW", "LHR", "HND", "GRU", "JFK", "SIN", "OSL");
    /* For how long the service is written to before: lines and charts need some time. */
    private static final Duration SCENE = Duration.ofSeconds(Integer.getInteger("sluice.test.scene", 5));
    private static final Map<String, Long> NEXT = new ConcurrentHashMap<>();

    private static InProcess service;
    private static Client client;
    private static HttpServer target;
    private static ScheduledExecutorService writers;
    private static Chromium chromium;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        chromium = Chromium.start();
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        target.start();
        writers = Executors.newSingleThreadScheduledExecutor();
        service = InProcess.start("sluice.history.step=1s", "sluice.files.roots=" + directory, "sluice.http.allow=*");
        client = service.client();
        String gates = partitions("gate-", 12);
        put("flights", "{\"type\":\"table\"," + partitions("flights-", 8) + LETTERS + "}");
        put("departures", "{\"type\":\"table\"," + gates + "}");
        put("boardings", "{\"type\":\"table\"," + gates + "}");
        put("bookings", "{\"type\":\"table\"," + partitions("", 4) + "}");
        put("bookings-buffer", "{\"type\":\"batching\",\"target\":\"bookings\",\"flush-interval\":\"100ms\"}");
        put(
                "baggage-archive",
                "{\"type\":\"file\"," + partitions("belt-", 3) + ",\"directory\":\"" + directory + "/baggage\"}");
        put(
                "delay-notices",
                "{\"type\":\"http\",\"partitions\":[\"0\",\"1\"],\"url\":\"http://127.0.0.1:"
                        + target.getAddress().getPort() + "/notices\"}");
        service.execute("alter table flights add constraint flights_delay_check"
                + " check ((data ->> 'delay')::int between 0 and 2880)");
        service.execute("alter table bookings add constraint bookings_seats_check check (data ->> 'seats' <> '0')");
    }

    private static String partitions(String prefix, int count) {
        return "\"partitions\":"
                + IntStream.range(0, count)
                        .mapToObj(i -> "\"" + prefix + i + "\"")
                        .collect(Collectors.joining(",", "[", "]"));
    }

    private static void put(String sink, String definition) {
        Answer answer = client.put("/sinks/" + sink, definition);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        writers.shutdownNow();
        service.close();
        target.stop(0);
        chromium.close();
    }

    private static void write(String sink, String partition, int records) {
        List<String> batch = new ArrayList<>();
        long first = NEXT.getOrDefault(sink + partition, 0L);
        for (long i = first; i < first + records; i++) {
            batch.add("{\"flight\":\"LH" + (400 + i % 90) + "\",\"from\":\"" + AIRPORTS.get((int) (i % 8))
                    + "\",\"to\":\"" + AIRPORTS.get((int) ((i + 3) % 8)) + "\",\"delay\":" + i % 47 + ",\"seats\":"
                    + (1 + i % 4) + "}");
        }
        client.batch(sink, partition, first, String.join(",", batch)).isWritten("committed");
        NEXT.put(sink + partition, first + records);
    }

    private static void writeALittle(int round) {
        write("flights", "flights-" + round % 8, 40 + 30 * (round % 5));
        write("departures", "gate-" + round % 12, 20 + 15 * (round % 3));
        write("boardings", "gate-" + (round + 5) % 12, 60 + 10 * (round % 7));
        write("baggage-archive", "belt-" + round % 3, 90);
        write("delay-notices", "0", 2 + round % 2);
    }

    @Test
    void showsWhatTheDocumentationShows() {
        for (int i = 0; i < 4; i++) {
            write("bookings-buffer", Integer.toString(i), 30 + 12 * i);
        }
        for (int round = 0; round < 80; round++) {
            writeALittle(round);
            if (round == 20) {
                String late =
                        "{\"flight\":\"LH438\",\"from\":\"FRA\",\"to\":\"DFW\",\"scheduled\":\"2026-11-30T10:05:00Z\","
                                + "\"departed\":\"2026-11-30T09:48:00Z\",\"delay\":-17,\"gate\":\"Z19\"}";
                long next = NEXT.get("flightsflights-3");
                client.batch(
                                "flights",
                                "flights-3",
                                next,
                                late + "," + late.replace("LH438", "LH440").replace("-17", "-4"))
                        .isWritten("committed");
                NEXT.put("flightsflights-3", next + 2);
                client.batch("bookings-buffer", "0", 30, "{\"flight\":\"LH400\",\"seats\":0,\"booking\":\"X7K2QP\"}")
                        .isWritten("committed");
            }
        }
        long offset = client.get("/sinks/flights/dead-letters")
                .body()
                .at("/deadLetters/0/offset")
                .longValue();
        String letter = "/console/sinks/flights/partitions/flights-3/dead-letters/" + offset;
        Answer edited = client.putWith(
                "/sinks/flights/partitions/flights-3/dead-letters/" + offset,
                Client.JSON,
                "{\"flight\":\"LH438\",\"from\":\"FRA\",\"to\":\"DFW\",\"scheduled\":\"2026-11-30T10:05:00Z\","
                        + "\"departed\":\"2026-11-30T09:48:00Z\",\"delay\":0,\"gate\":\"Z19\"}",
                "If-Match",
                client.etag("/sinks/flights/partitions/flights-3/dead-letters/" + offset));
        assertThat(edited.status()).as(edited.body().toString()).isEqualTo(200);
        AtomicInteger rounds = new AtomicInteger();
        ScheduledFuture<?> writing = writers.scheduleWithFixedDelay(
                () -> writeALittle(rounds.getAndIncrement()), 0, 100, TimeUnit.MILLISECONDS);
        try (BrowserContext light = chromium.context(client.port());
                BrowserContext dark = chromium.context(client.port(), ColorScheme.DARK, 1280);
                BrowserContext small = chromium.context(client.port(), ColorScheme.LIGHT, 320)) {
            await().pollDelay(SCENE)
                    .atMost(SCENE.plusMinutes(1))
                    .untilAsserted(() -> assertThat(
                                    new Browser(client.port()).get("/console").text())
                            .contains("2 things need somebody.", "Look at partition 0"));
            picture(light, "/console", "shown-overview-light");
            picture(dark, "/console", "shown-overview-dark");
            picture(small, "/console", "shown-overview-small");
            picture(light, letter, "shown-dead-letter-light");
            picture(dark, letter, "shown-dead-letter-dark");
            picture(small, letter, "shown-dead-letter-small");
            picture(light, "/console/sinks/bookings-buffer", "shown-buffer-light");
        }
        assertThat(writing.isDone()).as("all that was written was taken").isFalse();
        assertThat(Path.of("target/console/shown-overview-light.png")).isNotEmptyFile();
    }

    private static void picture(BrowserContext context, String path, String name) {
        Page page = context.newPage();
        page.navigate(path);
        Chromium.picture(page, name);
    }
}
