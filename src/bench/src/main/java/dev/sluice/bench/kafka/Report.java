package dev.sluice.bench.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.bench.kafka.Measurement.Result;
import io.debezium.connector.jdbc.Module;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.hibernate.Version;

/** The line that a round ends with. */
final class Report {

    private final Map<String, Object> head = new LinkedHashMap<>();

    Report(Options options, Table table) throws SQLException {
        head.put("peer", "Kafka Connect + Debezium JDBC sink");
        head.put("versions", versions(table));
        head.put("settings", settings(options));
    }

    String line(Result result) throws JsonProcessingException {
        Map<String, Object> line = new LinkedHashMap<>(head);
        line.put("rows", result.rows());
        line.put("seconds", rounded(result.seconds()));
        line.put("rowsPerSecond", Math.round(result.rows() / result.seconds()));
        line.put("rowsInTable", result.rowsInTable());
        line.put("secondsToBroker", rounded(result.sentSeconds()));
        return new ObjectMapper().writeValueAsString(line);
    }

    private static Map<String, String> versions(Table table) throws SQLException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("kafka", kafkaVersion());
        versions.put("debeziumJdbc", Module.version());
        versions.put("hibernate", Version.getVersionString());
        versions.putAll(table.versions());
        versions.put("java", System.getProperty("java.version"));
        return versions;
    }

    /** From the library itself; the class that tells it moves between Kafka's packages. */
    private static String kafkaVersion() {
        Properties properties = new Properties();
        try (InputStream in = Report.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }

    private static Map<String, Object> settings(Options options) {
        Map<String, String> connector = new TreeMap<>(Tuning.connector(options));
        // Whose database it is, and perhaps a password, are nobody's business.
        connector.computeIfPresent("connection.url", (key, url) -> url.replaceAll("//[^/]*/", "//…/"));
        connector.keySet().removeIf(key -> key.contains("password"));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("durability", Broker.DURABILITY);
        settings.put("delivery", "at least once, duplicates overwritten by the primary key (upsert)");
        settings.put("partitions", options.partitions());
        settings.put("encoding", options.encoding().name().toLowerCase(Locale.ROOT));
        settings.put("connector", connector);
        settings.put("producer", Tuning.producer(options));
        settings.put("broker", options.overridesOf("broker"));
        settings.put("worker", options.overridesOf("worker"));
        settings.put("jvm", options.jvm());
        return settings;
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
