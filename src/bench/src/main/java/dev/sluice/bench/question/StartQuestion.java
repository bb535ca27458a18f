package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import dev.sluice.bench.service.Image;
import dev.sluice.bench.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a start takes, as the image starts and as a jar does. */
final class StartQuestion implements Question {

    private static final int FIRST_WITH_CACHE = 25;
    private static final int PARTITIONS = 4;
    private static final Duration TRAINING = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String title() {
        return "From the start of the process until it is ready, with a database that is there";
    }

    @Override
    public String goal() {
        return "≤ 3 s as in the image";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        Path directory = lab.directory(name());
        Database database = Site.create(lab, name());
        try {
            List<String> plain = Service.command(
                    lab.java().program(), Service.HEAP, "-jar", lab.jar().toString());
            // The first start makes the tables; all others find them.
            start(plain, directory, database);
            List<Rounds.Side> sides = new ArrayList<>();
            if (lab.java().major() >= FIRST_WITH_CACHE) {
                Path image = image(lab, directory, database);
                List<String> cached = Service.command(
                        lab.java().program(),
                        Service.HEAP,
                        "-XX:AOTCache=sluice.aot",
                        "-XX:Tier2InvokeNotifyFreqLog=16",
                        "-XX:Tier2BackedgeNotifyFreqLog=22",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        "sluice.jar:sinks/*",
                        "dev.sluice.SluiceApplication");
                sides.add(new Rounds.Side(
                        "as in the image: extracted, AOT cache", "s", () -> start(cached, image, database)));
            }
            sides.add(new Rounds.Side("java -jar sluice.jar", "s", () -> start(plain, directory, database)));
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    List.of(new Verdict(series.get(0).name(), series.get(0).median(), "s", Goal.atMost(3))),
                    List.of(
                            "Until /actuator/health/readiness answers 200, asked every 10 ms; files are in the page cache.",
                            lab.java().major() >= FIRST_WITH_CACHE
                                    ? "Extracted and trained by the commands of the Dockerfile."
                                    : "No AOT cache: that needs JDK 25 (--java), this is "
                                            + lab.java().version() + "."));
        } finally {
            Site.drop(lab, database);
        }
    }

    private static double start(List<String> command, Path directory, Database database) throws Exception {
        long start = System.nanoTime();
        Service service = Service.start(command, directory, database, PARTITIONS, List.of());
        double seconds = (System.nanoTime() - start) / 1e9;
        service.close();
        return seconds;
    }

    private static Path image(Lab lab, Path directory, Database database) throws Exception {
        Path image = Image.extract(lab.java().program(), lab.jar(), directory);
        List<String> training = Service.command(
                lab.java().program(),
                Service.HEAP,
                "-XX:AOTCacheOutput=sluice.aot",
                "-Xlog:aot=error",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                "sluice.jar");
        Service.start(training, image, database, PARTITIONS, List.of()).close(TRAINING);
        if (!Files.exists(image.resolve("sluice.aot"))) {
            throw new IOException("no AOT cache in " + image);
        }
        return image;
    }
}
