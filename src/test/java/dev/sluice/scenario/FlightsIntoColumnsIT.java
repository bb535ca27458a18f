package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real data into typed columns: 20,000 flights, appended, upserted, and with fields that do not fit. */
class FlightsIntoColumnsIT {

    private static final Path FLIGHTS = Path.of("src/examples/flights-20k.ndjson");
    private static final String COLUMNS = "\"columns\":{\"date\":{\"from\":\"/date\",\"type\":\"timestamp\"},"
            + "\"delay\":{\"from\":\"/delay\",\"type\":\"int\"},\"distance\":{\"from\":\"/distance\",\"type\":\"int\"},"
            + "\"origin\":{\"from\":\"/origin\",\"type\":\"text\"},\"destination\":{\"from\":\"/destination\",\"type\":\"text\"}}";
    private static final int BATCH = 1_000;

    private static InProcess service;
    private static Client client;
    private static List<String> flights;

    @BeforeAll
    static void start() throws IOException {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
        flights = Files.readAllLines(FLIGHTS);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void put(String sink, String settings) {
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"table\"," + settings + "," + COLUMNS + "}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void appendsThem() {
        put("appended", "\"partitions\":[\"0\"]");
        for (int from = 0; from < flights.size(); from += BATCH) {
            client.batch("appended", "0", from, String.join(",", flights.subList(from, from + BATCH)))
                    .isWritten("committed");
        }
        assertThat(service.query("select format('{\"date\":\"%s\",\"delay\":%s,\"distance\":%s,\"origin\":\"%s\","
                        + "\"destination\":\"%s\"}', to_char(date, 'YYYY/MM/DD HH24:MI'), delay, distance, origin,"
                        + " destination) from appended order by source_offset"))
                .isEqualTo(flights);
    }

    /** The same flight comes again with another delay; keyed records keep the order of each. */
    @Test
    void keepsTheLastOfEach() {
        put(
                "latest",
                "\"partitions\":[\"0\",\"1\",\"2\",\"3\"],\"mode\":\"upsert\",\"position\":\"none\","
                        + "\"key\":[\"date\",\"origin\",\"destination\"]");
        List<String> records = new ArrayList<>(flights);
        for (int i = 0; i < flights.size(); i += 3) {
            records.add(flights.get(i).replaceFirst("\"delay\":-?\\d+", "\"delay\":" + i));
        }
        JsonMapper json = new JsonMapper();
        Map<String, String> last = new TreeMap<>();
        List<String> keyed = new ArrayList<>();
        for (String record : records) {
            JsonNode flight = json.readTree(record);
            String key = flight.path("date").stringValue() + " "
                    + flight.path("origin").stringValue() + " "
                    + flight.path("destination").stringValue();
            keyed.add("{\"key\":\"" + key + "\",\"value\":" + record + "}");
            last.put(key, key + " " + flight.path("delay").asInt());
        }
        for (int from = 0; from < keyed.size(); from += BATCH) {
            List<String> part = keyed.subList(from, Math.min(keyed.size(), from + BATCH));
            assertThat(client.post("/sinks/latest/records?offset=" + from, Client.NDJSON, String.join("\n", part))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(service.query("select to_char(date, 'YYYY/MM/DD HH24:MI'), origin, destination, delay from latest"
                        + " order by date, origin collate \"C\", destination collate \"C\""))
                .isEqualTo(List.copyOf(last.values()));
    }

    @Test
    void namesEveryFieldThatDoesNotFitOnce() {
        put("corrected", "\"partitions\":[\"0\"]");
        List<String> batch = new ArrayList<>(flights.subList(0, 10_000));
        Map<Integer, String> broken = new LinkedHashMap<>();
        String[] mistakes = {
            "\"delay\":\"n/a\"", "\"delay\":\"\"", "\"delay\":12.5", "\"date\":\"2001/13/45\"",
                    "\"distance\":99999999999",
            "\"origin\":{\"code\":\"DTW\"}", "\"destination\":[\"LAS\"]", "\"delay\":true", "\"distance\":\"1,750\"",
                    "\"extra\":1"
        };
        for (int i = 0; i < 100; i++) {
            String mistake = mistakes[i % mistakes.length];
            String field = mistake.substring(1, mistake.indexOf('"', 1));
            int at = 37 + 97 * i;
            String fitting = batch.get(at);
            batch.set(
                    at,
                    fitting.replaceFirst("\"" + field + "\":(\"[^\"]*\"|-?\\d+),?", "")
                            .replaceFirst(",}", "}")
                            .replaceFirst("}$", "," + mistake.replace("\\", "\\\\") + "}"));
            broken.put(at, field);
        }
        Answer answer =
                client.batch("corrected", "0", 0, String.join(",", batch)).isProblem(422, "record-rejected");
        assertThat(answer.body()
                        .path("rejected")
                        .valueStream()
                        .collect(Collectors.toMap(
                                record -> record.path("offset").asInt(),
                                record -> record.path("field").stringValue())))
                .isEqualTo(broken);
        assertThat(service.query("select count(*) from corrected")).containsExactly("0");
        client.batch("corrected", "0", 0, String.join(",", flights.subList(0, 10_000)))
                .isWritten("committed");
        assertThat(service.query("select count(*), sum(delay) from corrected"))
                .containsExactly("10000 "
                        + flights.subList(0, 10_000).stream()
                                .mapToLong(flight -> new JsonMapper()
                                        .readTree(flight)
                                        .path("delay")
                                        .asLong())
                                .sum());
    }
}
