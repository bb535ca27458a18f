package dev.sluice.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing is called clean that was not asked about. */
class VerdictTests {

    private static final LocalDate TODAY = LocalDate.parse("2026-12-01");
    private static final Component ONE = component("one", "1.0");
    private static final Component TWO = component("two", "2.0");
    private static final Finding HOLE = new Finding(
            ONE.purl(), "GHSA-1", List.of("CVE-1", "CVE-2"), "HIGH", List.of("1.1", "2.0"), "reads\ttoo  much");

    private static Component component(String name, String version) {
        return new Component(
                "pkg:maven/org.example/" + name + "@" + version, "org.example", name, version, "", List.of("MIT"));
    }

    private static Verdict verdict(Looked looked, String... tolerated) {
        return Verdict.of(List.of(ONE, TWO), looked, Tolerated.of(List.of(tolerated)), TODAY);
    }

    private static Looked looked(Set<String> purls, Finding... findings) {
        return new Looked("2026-11-30T00:00:00Z", purls, List.of(findings));
    }

    @Test
    void isCleanIfAllWereAskedAboutAndNothingWasFound() {
        Verdict verdict = verdict(looked(Set.of(ONE.purl(), TWO.purl())));
        assertThat(verdict.exitCode()).isEqualTo(Verdict.CLEAN);
        assertThat(verdict.text(2, "2026-11-30T00:00:00Z"))
                .isEqualTo("no known vulnerability that is not tolerated in 2 libraries, as of 2026-11-30T00:00:00Z\n");
    }

    @Test
    void isNotCleanIfOneWasNotAskedAboutInThisVersion() {
        Verdict verdict = verdict(looked(Set.of(ONE.purl(), "pkg:maven/org.example/two@1.9")));
        assertThat(verdict.unknown()).containsExactly(TWO.purl());
        assertThat(verdict.exitCode()).isEqualTo(Verdict.NOT_LOOKED_AT);
        assertThat(verdict.text(2, "2026-11-30T00:00:00Z")).startsWith("NOT LOOKED AT: 1 of 2 libraries.");
    }

    @Test
    void saysNothingOfWhatWasNeverAskedAbout() throws IOException {
        Verdict verdict = verdict(Looked.of(List.of("asked\tnever")));
        assertThat(verdict.exitCode()).isEqualTo(Verdict.NOT_LOOKED_AT);
        assertThat(verdict.text(2, "never"))
                .startsWith("NOT LOOKED AT: 2 of 2 libraries.")
                .doesNotContain("no known");
    }

    @Test
    void namesWhatWasFoundBeforeAnythingElse() {
        Verdict verdict = verdict(looked(Set.of(ONE.purl()), HOLE));
        assertThat(verdict.exitCode()).isEqualTo(Verdict.FOUND);
        assertThat(verdict.text(2, "2026-11-30T00:00:00Z"))
                .startsWith("FOUND: pkg:maven/org.example/one@1.0 has GHSA-1 (CVE-1,CVE-2), HIGH: reads")
                .contains("fixed in 1.1,2.0\n", "NOT LOOKED AT: 1 of 2 libraries.")
                .doesNotContain("no known");
    }

    @Test
    void toleratesForAReasonAndUntilADay() {
        Looked looked = looked(Set.of(ONE.purl(), TWO.purl()), HOLE);
        assertThat(verdict(looked, "CVE-2 org.example:one 2026-12-01 we never read")
                        .exitCode())
                .isEqualTo(Verdict.CLEAN);
        assertThat(verdict(looked, "GHSA-1 org.example:one 2026-11-30 we never read")
                        .exitCode())
                .isEqualTo(Verdict.FOUND);
        assertThat(verdict(looked, "GHSA-1 org.example:on 2027-01-01 another one")
                        .exitCode())
                .isEqualTo(Verdict.FOUND);
        assertThat(verdict(looked, "GHSA-2 org.example:one 2027-01-01 another one")
                        .exitCode())
                .isEqualTo(Verdict.FOUND);
        assertThatThrownBy(() -> Tolerated.of(List.of("GHSA-1 org.example:one 2027-01-01")))
                .hasMessageStartingWith("expected an id");
        assertThatThrownBy(() -> Tolerated.of(List.of("GHSA-1 org.example:one soon we never read")))
                .hasMessageStartingWith("expected a day");
    }

    @Test
    void isRecordedAndReadAgain() {
        Looked looked = looked(Set.of(ONE.purl(), TWO.purl()), HOLE);
        Looked again = Looked.of(looked.text().lines().toList());
        assertThat(again.text()).isEqualTo(looked.text());
        assertThat(again.purls()).isEqualTo(looked.purls());
        assertThat(again.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.aliases()).containsExactly("CVE-1", "CVE-2");
            assertThat(finding.summary()).isEqualTo("reads too much");
        });
        assertThatThrownBy(() -> Looked.of(List.of("none found")))
                .hasMessageContaining("expected asked, clean or found");
    }

    /* The gate of the build: it needs no network. Versions that were not asked about are told by .ci/run, not here. */
    @Test
    void ofThisBuildNamesNothingThatIsRecordedAndNotTolerated() throws IOException {
        Verdict verdict = Verdict.of(Sbom.built(), Looked.read(), Tolerated.read(), LocalDate.now(Clock.systemUTC()));
        assertThat(verdict.open()).extracting(Finding::sentence).isEmpty();
    }
}
