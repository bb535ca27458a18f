package dev.sluice.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Libraries come under licences that are allowed, and the documents name them all: {@code
 * -Dsluice.test.write-third-party=true} writes them there.
 */
class LicencesTests {

    private static final Path DOCUMENT = Path.of("src/docs/third-party.md");
    private static final String BEGIN = "<!-- made by LicencesTests -->\n";
    private static final String END = "<!-- end -->";

    private static Component under(String... licences) {
        return new Component("pkg:maven/org.example/thing@1.0", "org.example", "thing", "1.0", "", List.of(licences));
    }

    @Test
    void areAllowedForEveryLibrary() throws IOException {
        List<Component> components = Sbom.built();
        assertThat(components).hasSizeGreaterThan(50);
        AllowedLicences allowed = AllowedLicences.read();
        assertThat(allowed.objections(components)).isEmpty();
        assertThat(allowed.unused(components))
                .as("allowed, and needed by nothing")
                .isEmpty();
    }

    @Test
    void areInTheDocument() throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END, from);
        String table = ThirdParty.table(Sbom.built(), AllowedLicences.read());
        if (Boolean.getBoolean("sluice.test.write-third-party")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + table + document.substring(to));
            return;
        }
        assertThat(document.substring(from, to))
                .as("%s; -Dsluice.test.write-third-party=true writes it", DOCUMENT)
                .isEqualTo(table);
    }

    @Test
    void ofWhichNoneIsAllowedAreRefused() {
        AllowedLicences allowed = AllowedLicences.of(List.of("# ours", "MIT    no conditions", ""));
        assertThat(allowed.objections(List.of(under("MIT"), under("GPL-3.0-only", "MIT"))))
                .isEmpty();
        assertThat(allowed.objections(List.of(under("GPL-3.0-only"))))
                .containsExactly("pkg:maven/org.example/thing@1.0 comes under none of the licences of"
                        + " src/supply/licences.txt: GPL-3.0-only");
        assertThat(allowed.objections(List.of(under("MIT OR GPL-3.0-only")))).hasSize(1);
        assertThat(allowed.objections(List.of(under())))
                .containsExactly("pkg:maven/org.example/thing@1.0 does not say its licence");
    }

    @Test
    void areNotAllowedWithoutAReason() {
        assertThatThrownBy(() -> AllowedLicences.of(List.of("MIT")))
                .hasMessage("the licence MIT is allowed without a reason");
    }

    @Test
    void areReadFromTheListAsTheirAuthorsNamedThem() {
        assertThat(Sbom.of("""
                {"components": [
                  {"group": "b", "name": "two", "version": "2", "purl": "pkg:maven/b/two@2?type=jar",
                   "hashes": [{"alg": "MD5", "content": "00"}, {"alg": "SHA-256", "content": "ab"}],
                   "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Our own"}}]},
                  {"group": "a", "name": "one", "version": "1", "purl": "pkg:maven/a/one@1",
                   "licenses": [{"expression": "MIT OR Apache-2.0"}]}]}
                """))
                .containsExactly(
                        new Component("pkg:maven/a/one@1", "a", "one", "1", "", List.of("MIT OR Apache-2.0")),
                        new Component("pkg:maven/b/two@2", "b", "two", "2", "ab", List.of("MIT", "Our own")));
    }
}
