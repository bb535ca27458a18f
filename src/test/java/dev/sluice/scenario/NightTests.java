package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the night leads to calls for each of its rows, and to alerts that there are and that were tried. */
class NightTests {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[.*\\|$");
    private static final Pattern LINK = Pattern.compile("^\\| \\[([^]]+)]\\(#([^)]+)\\) \\|");
    private static final Pattern ALERT = Pattern.compile("`Sluice[A-Z]\\w+`");
    private static final Path RULES = Path.of("src/ops/prometheus/rules.yml");
    private static final Path TESTS = Path.of("src/ops/prometheus/rules-test.yml");

    @Test
    void eachRowHasASectionAndEachSectionARow() {
        List<String> titles = Runbook.all(ROW, Runbook.introduction()).stream()
                .map(row -> {
                    var link = LINK.matcher(row);
                    assertThat(link.find()).as(row).isTrue();
                    assertThat(link.group(2)).isEqualTo(anchor(link.group(1)));
                    return link.group(1);
                })
                .toList();
        assertThat(titles)
                .hasSizeGreaterThan(7)
                .containsExactlyElementsOf(Runbook.sections().keySet());
    }

    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }

    @Test
    void eachRowNamesAnAlertThatFiresInATest() throws IOException {
        String rules = Files.readString(RULES);
        String tests = Files.readString(TESTS);
        assertThat(Runbook.all(ROW, Runbook.introduction())).allSatisfy(row -> {
            List<String> alerts = Runbook.all(ALERT, row).stream()
                    .map(alert -> alert.replace("`", ""))
                    .toList();
            assertThat(alerts).as(row).isNotEmpty().allSatisfy(alert -> {
                assertThat(rules).contains("- alert: " + alert + "\n");
                assertThat(tests)
                        .containsPattern(
                                "alertname: " + alert + "\\s+eval_time: \\S+\\s+exp_alerts:\\n\\s+- exp_labels");
            });
        });
    }
}
