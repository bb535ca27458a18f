package dev.sluice.bench.kafka;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** One Kafka broker that is its own controller, as Kafka's quick start has it, its log in the work directory. */
final class Broker {

    /**
     * Kafka's own answer: it flushes when the operating system does and relies on replicas, of which one broker has
     * none. So a row acknowledged to the producer may be lost in a power failure; flushing each would be its slowest.
     */
    static final String DURABILITY = "acks=all, 1 broker, replication factor 1, default flush policy"
            + " (log.flush.interval.messages unset: no fsync before the acknowledgement)";

    private static final String HOST = "127.0.0.1";

    private final int port = freePort();
    private ChildJvm jvm;

    String address() {
        return HOST + ":" + port;
    }

    void checkAlive() {
        jvm.checkAlive();
    }

    /** Returns as soon as the process runs, which is long before the broker answers. */
    ChildJvm start(Path work, Options options) throws Exception {
        int controller = freePort();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@" + HOST + ":" + controller);
        settings.put("listeners", "PLAINTEXT://" + address() + ",CONTROLLER://" + HOST + ":" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://" + address());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", work.resolve("kafka-log").toString());
        settings.put("auto.create.topics.enable", "false");
        // As the quick start's: the defaults ask for three brokers.
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.putAll(options.overridesOf("broker"));
        Path file = write(work.resolve("server.properties"), settings);

        format(work, file);
        // Memory as in Kafka's start script.
        List<String> arguments = new ArrayList<>(List.of("-Xms1G", "-Xmx1G"));
        arguments.addAll(options.jvm());
        jvm = ChildJvm.start("broker", work, arguments, "kafka.Kafka", List.of(file.toString()));
        return jvm;
    }

    /** Waits for the broker as well. */
    void createTopic(String topic, int partitions, Duration timeout) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", address());
        settings.put("default.api.timeout.ms", "60000");
        settings.put("request.timeout.ms", "5000");
        try (Admin admin = Admin.create(settings)) {
            Await.until("the broker answers", timeout, Duration.ofMillis(200), () -> {
                checkAlive();
                try {
                    return !admin.describeCluster()
                            .nodes()
                            .get(10, TimeUnit.SECONDS)
                            .isEmpty();
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            });
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PeerException("no free port", e);
        }
    }

    static Path write(Path file, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    private static void format(Path work, Path file) throws Exception {
        ChildJvm tool = ChildJvm.start(
                "format",
                work,
                List.of("-XX:TieredStopAtLevel=1"),
                "kafka.tools.StorageTool",
                List.of("format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()));
        tool.await(Duration.ofSeconds(60));
    }
}
