package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.MissingToolException;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process with Kafka in it: it waits for a word before each round, and answers by a line of JSON. */
final class KafkaPeer implements AutoCloseable {

    private static final String MAIN = "dev.sluice.bench.kafka.KafkaConnectPeer";
    private static final long LIMIT = TimeUnit.MINUTES.toNanos(20);

    private final Child process;
    private int rounds;

    private KafkaPeer(Child process) {
        this.process = process;
    }

    /** Starts it for a table, with the rows of a file and more options of its own. */
    static KafkaPeer start(Lab lab, Site site, String table, Path file, int rows, String... more) throws IOException {
        Path classes = lab.home().resolve("target/kafka-classes");
        Path libraries = lab.home().resolve("target/kafka-libs");
        if (!Files.exists(classes.resolve(MAIN.replace('.', '/') + ".class")) || !Files.isDirectory(libraries)) {
            throw new MissingToolException(
                    "Kafka Connect is not built: ./mvnw -f src/bench/kafka-pom.xml process-classes"
                            + " (src/bench/run does it)");
        }
        Database database = site.database();
        List<String> command = new ArrayList<>(List.of(
                Jvm.own().toString(),
                "-cp",
                libraries + "/*:" + classes,
                MAIN,
                "--url",
                database.url(),
                "--username",
                database.username(),
                "--password",
                database.password(),
                "--table",
                table,
                "--file",
                file.toString(),
                "--rows",
                "" + rows,
                "--partitions",
                "4",
                "--rounds",
                "" + lab.rounds(),
                "--work",
                site.directory().toString(),
                "--interactive"));
        command.addAll(List.of(more));
        return new KafkaPeer(Child.start(site.directory(), "kafka", Map.of(), command));
    }

    /** Lets it run one round and returns its rows a second. */
    double measure() throws IOException, InterruptedException {
        rounds++;
        long deadline = System.nanoTime() + LIMIT;
        while (process.errors().split("(?m)^ready$", -1).length <= rounds) {
            pause(deadline);
        }
        process.tell("go");
        while (Files.readAllLines(process.output()).size() < rounds) {
            pause(deadline);
        }
        return Json.number(Files.readAllLines(process.output()).get(rounds - 1), "rowsPerSecond");
    }

    @Override
    public void close() {
        process.close();
    }

    private void pause(long deadline) throws IOException, InterruptedException {
        if (!process.isAlive() || System.nanoTime() > deadline) {
            throw new IOException("the Kafka peer ended or takes too long: " + process.errors());
        }
        Thread.sleep(50);
    }
}
