package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dashboard and alerts ask for meters that there are, and say what to do. */
class OpsFilesIT {

    private static final Pattern METER =
            Pattern.compile("\\b(?:sluice|hikaricp|http_server|jvm|logback|process|ssl|system)_[a-z0-9_]+\\b");
    private static final Path DASHBOARD = Path.of("src/ops/grafana/sluice.json");
    private static final Path RULES = Path.of("src/ops/prometheus/rules.yml");
    private static final Path TESTS = Path.of("src/ops/prometheus/rules-test.yml");

    @TempDir
    static Path directory;

    private static Set<String> exposed;
    private static Set<String> sinks;

    @BeforeAll
    static void scrape() {
        try (Traffic traffic = new Traffic(directory)) {
            traffic.send();
            // What grows is measured a moment after the start, and pauses appear with the first one.
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                System.gc();
                Scrape scrape = Scrape.of(traffic.client());
                exposed = scrape.names();
                sinks = scrape.values("sluice_partitions", "sink");
                assertThat(scrape.one("sluice_target_size_bytes", "sink=rows")).isPositive();
                assertThat(exposed).contains("jvm_gc_pause_seconds_sum");
            });
        }
    }

    private static List<JsonNode> panels() throws IOException {
        List<JsonNode> panels = new ArrayList<>();
        new JsonMapper().readTree(Files.readString(DASHBOARD)).path("panels").forEach(panels::add);
        return panels;
    }

    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> document = new Yaml().load(Files.readString(RULES));
        return document.get("groups").get(0).get("rules");
    }

    private static Set<String> meters(Stream<String> expressions) {
        Set<String> meters = new TreeSet<>();
        expressions.forEach(expression -> {
            List<String> found =
                    METER.matcher(expression).results().map(MatchResult::group).toList();
            assertThat(found.isEmpty() && !expression.startsWith("up{"))
                    .as(expression)
                    .isFalse();
            meters.addAll(found);
        });
        return meters;
    }

    @Test
    void theDashboardAsksForMetersThatThereAre() throws IOException {
        Set<String> asked = meters(panels().stream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").stringValue()));
        assertThat(asked).hasSizeGreaterThan(40).isSubsetOf(exposed);
    }

    @Test
    void theAlertsAskForMetersThatThereAre() throws IOException {
        Set<String> asked = meters(rules().stream().map(rule -> rule.get("expr").toString()));
        assertThat(asked).hasSizeGreaterThan(16).isSubsetOf(exposed);
    }

    @Test
    void theVariablesOfTheDashboardHaveValues() throws IOException {
        assertThat(sinks).contains("rows", "waits", "hook");
        assertThat(new JsonMapper()
                        .readTree(Files.readString(DASHBOARD))
                        .at("/templating/list")
                        .valueStream()
                        .map(variable -> variable.path("name").stringValue()))
                .contains("instance", "sink");
    }

    @Test
    void eachPanelSaysWhatToDo() throws IOException {
        assertThat(panels().stream()
                        .filter(panel -> panel.path("type").stringValue().equals("row"))
                        .map(panel -> panel.path("title").stringValue()))
                .containsExactly("Is it well?", "Writers", "Targets", "Storage", "JVM");
        assertThat(panels().stream()
                        .filter(panel -> !panel.path("type").stringValue().equals("row")))
                .hasSizeGreaterThan(30)
                .allSatisfy(panel -> assertThat(panel.path("description").stringValue())
                        .as(panel.path("title").stringValue())
                        .hasSizeGreaterThan(40));
    }

    @Test
    void eachAlertSaysHowUrgentItIsAndWhatToDoAndIsTested() throws IOException {
        String tests = Files.readString(TESTS);
        assertThat(rules()).hasSize(18).allSatisfy(rule -> {
            assertThat(rule.get("labels").toString()).containsPattern("severity=(page|ticket)");
            assertThat(rule.get("annotations").toString()).contains("summary=", "description=");
            assertThat(tests)
                    .containsPattern("alertname: " + rule.get("alert") + "\\s+eval_time: \\S+\\s+exp_alerts:\\n");
        });
    }

    @Test
    void thePageForOperatorsNamesEachAlertAndMeter() throws IOException {
        String page = Files.readString(Path.of("src/docs/operations.md"));
        assertThat(rules().stream().map(rule -> rule.get("alert").toString()))
                .allSatisfy(alert -> assertThat(page).contains("`" + alert + "`"));
        assertThat(exposed.stream().filter(name -> name.startsWith("sluice_")).map(OpsFilesIT::meter))
                .allSatisfy(meter -> assertThat(page.replace('.', '_')).contains("`" + meter + "`"));
    }

    @Test
    void theProfileOfComposeUsesTheFilesThatThereAre() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose =
                new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
        Map<String, Map<String, Object>> services = compose.get("services");
        assertThat(services.entrySet().stream()
                        .filter(service -> !service.getValue().containsKey("profiles"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("postgres", "sluice");
        List<Path> files = Stream.of("prometheus", "grafana")
                .map(services::get)
                .peek(service -> assertThat(service.get("profiles")).isEqualTo(List.of("observability")))
                .flatMap(service -> ((List<?>) service.get("volumes")).stream())
                .map(volume -> volume.toString().split(":", -1)[0])
                .filter(source -> source.startsWith("./"))
                .map(Path::of)
                .toList();
        assertThat(files)
                .hasSize(3)
                .anyMatch(file -> Files.exists(file.resolve("prometheus.yml")))
                .anyMatch(file -> file.endsWith(DASHBOARD.getFileName()))
                .allMatch(Files::exists);
        assertThat(Path.of("src/ops/prometheus/prometheus.yml")).content().contains("job_name: sluice", "rules.yml");
    }

    /* Without what Prometheus puts behind the name of a meter. */
    private static String meter(String name) {
        return name.replaceAll("_(count|sum|max|bucket|total)$", "")
                .replaceAll("(?<!waiting|admission)_(seconds|bytes)$", "");
    }
}
