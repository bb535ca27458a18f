package dev.sluice.bench.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A standalone Connect worker with the sink connector in it. */
final class Worker {

    private static final String CONNECTOR = "sink";
    private static final Pattern RUNNING = Pattern.compile("\"state\":\"RUNNING\"");

    private final int port = Broker.freePort();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Options options;
    private ChildJvm jvm;

    Worker(Options options) {
        this.options = options;
    }

    /** Returns as soon as the process runs, which is long before the connector does. */
    ChildJvm start(Path work, String brokerAddress, String topic) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", brokerAddress);
        settings.put("listeners", "http://127.0.0.1:" + port);
        settings.put(
                "offset.storage.file.filename", work.resolve("connect.offsets").toString());
        settings.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        // The class path is the one plugin there is: nothing to scan.
        settings.put("plugin.discovery", "service_load");
        settings.put("connector.client.config.override.policy", "All");
        settings.putAll(options.overridesOf("worker"));
        Path file = Broker.write(work.resolve("worker.properties"), settings);

        Map<String, String> connector = new LinkedHashMap<>(Tuning.connector(options));
        connector.put("name", CONNECTOR);
        connector.put("topics", topic);
        connector.put("connection.username", options.username());
        connector.put("connection.password", options.password());
        Path connectorFile = Broker.write(work.resolve("connector.properties"), connector);

        // At most as much memory as in Kafka's start script.
        List<String> arguments = new ArrayList<>(List.of("-Xms2G", "-Xmx2G"));
        arguments.addAll(options.jvm());
        jvm = ChildJvm.start(
                "worker",
                work,
                arguments,
                "org.apache.kafka.connect.cli.ConnectStandalone",
                List.of(file.toString(), connectorFile.toString()));
        return jvm;
    }

    void awaitRunning() throws Exception {
        int wanted = 1 + options.partitions();
        Await.until("connector and tasks are running", options.timeout(), Duration.ofMillis(200), () -> {
            return RUNNING.matcher(status()).results().count() == wanted;
        });
    }

    void checkRunning() throws Exception {
        status();
    }

    /** What the worker says of the connector, or nothing as long as there is none; not if something has failed. */
    private String status() throws IOException, InterruptedException {
        jvm.checkAlive();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/connectors/" + CONNECTOR + "/status"))
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return "";
        }
        if (response.body().contains("FAILED")) {
            throw new PeerException("the connector failed: " + response.body().replace("\\n", "\n") + jvm.said());
        }
        return response.statusCode() == 200 ? response.body() : "";
    }
}
