package dev.sluice.bench.question;

import dev.sluice.bench.load.ClientLoad;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the choice of protocol and body form makes. */
final class ProtocolsQuestion implements Question {

    @Override
    public String name() {
        return "protocols";
    }

    @Override
    public String title() {
        return "HTTP/1.1 and HTTP/2 by the JDK's client; JSON, NDJSON and gzip by the load generator";
    }

    @Override
    public String goal() {
        return "none";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(10, 1);
        try (Site site =
                Site.open(lab, name(), 64, "--server.http2.enabled=true", "--sluice.security.allowed-hosts=*")) {
            List<Rounds.Side> sides = new ArrayList<>();
            for (int batch : new int[] {1, 1_000}) {
                for (String version : new String[] {"HTTP_1_1", "HTTP_2"}) {
                    sides.add(new Rounds.Side(
                            "%s, %,d-record"
                                    .formatted(version.replace("_1_1", "/1.1").replace("_2", "/2"), batch),
                            "rows/s",
                            () -> client(site, version, batch, seconds)));
                }
            }
            for (String form : new String[] {"ndjson", "json", "gzip"}) {
                List<String> load = new ArrayList<>(List.of(
                        "--batch",
                        "1000",
                        "--seconds",
                        "" + seconds,
                        "--warmup",
                        "1",
                        "--format",
                        form.equals("json") ? "json" : "ndjson"));
                if (form.equals("gzip")) {
                    load.add("--gzip");
                }
                sides.add(new Rounds.Side(form + ", 1,000-record", "rows/s", () -> {
                    site.resetSluice();
                    return site.load(load.toArray(String[]::new)).rowsPerSecond();
                }));
            }
            site.warmUp("--batch", "1000", "--seconds", "" + lab.size(15, 1), "--warmup", "0");
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    List.of(),
                    List.of(
                            "The service takes any host name here: HTTP/2 sends :authority in place of the header Host.",
                            "Connections that the service ended by GOAWAY are opened anew and their requests repeated: as status 0 below.",
                            "The JDK's client takes more CPU than the load generator, on the same cores.",
                            "1-record: 32 requests under way to 32 partitions; 1,000-record: 4; HTTP/2 over one connection."));
        }
    }

    private static double client(Site site, String version, int batch, int seconds) throws Exception {
        site.resetSluice();
        LoadResult result = LoadResult.of(Child.run(
                site.directory(),
                "client",
                Duration.ofSeconds(seconds + 120L),
                Map.of(),
                Jvm.command(
                        ClientLoad.class.getName(),
                        List.of(
                                "--url",
                                site.service().url(),
                                "--version",
                                version,
                                "--batch",
                                "" + batch,
                                "--partitions",
                                batch == 1 ? "32" : "4",
                                "--seconds",
                                "" + seconds))));
        site.requireRows(result.acknowledged());
        site.tellRepeats(result);
        return result.rowsPerSecond();
    }
}
