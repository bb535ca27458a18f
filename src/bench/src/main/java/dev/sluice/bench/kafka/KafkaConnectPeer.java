package dev.sluice.bench.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * What users would pick instead of Sluice, measured: rows through a Kafka broker and a Connect worker with Debezium's
 * JDBC sink into a table like Sluice's. Prints one line of JSON per round; see {@link Options#USAGE}.
 *
 * <p>With {@code --interactive}, a round waits for a line "go" on stdin, so that it can take turns with something else;
 * "ready" on stderr says that it waits. The end of stdin ends the program.
 */
public final class KafkaConnectPeer {

    private static final String TOPIC = "events";

    private KafkaConnectPeer() {}

    public static void main(String[] arguments) {
        try {
            Options options = Options.of(arguments);
            Processes processes = new Processes(options);
            // The only way out that a signal takes as well.
            Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "stop"));
            Logs.write(processes.work());
            run(options, processes);
        } catch (Exception e) {
            System.err.println(
                    e instanceof PeerException || e instanceof IllegalArgumentException ? e.getMessage() : e);
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run(Options options, Processes processes) throws Exception {
        Payloads payloads = Payloads.of(options);
        Broker broker = new Broker();
        Worker worker = new Worker(options);
        try (Table table = Table.open(options)) {
            Report report = new Report(options, table);
            processes.start(() -> broker.start(processes.work(), options));
            broker.createTopic(TOPIC, options.partitions(), options.timeout());
            processes.start(() -> worker.start(processes.work(), broker.address(), TOPIC));
            worker.awaitRunning();
            try (Sender sender = new Sender(options, broker.address(), TOPIC, payloads)) {
                Measurement measurement = new Measurement(options, broker, worker, sender, payloads, table);
                measurement.run(options.warmUpRows());
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                for (int round = 0; round < options.rounds() && isWanted(options, in); round++) {
                    System.out.println(report.line(measurement.run(options.rows())));
                    System.out.flush();
                }
            }
        }
    }

    private static boolean isWanted(Options options, BufferedReader in) throws IOException {
        if (!options.interactive()) {
            return true;
        }
        System.err.println("ready");
        String line = in.readLine();
        while (line != null && !line.strip().equals("go")) {
            line = in.readLine();
        }
        return line != null;
    }
}
