package dev.sluice.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileNamesTests {

    @Test
    void leavesPlainNamesAsTheyAre() {
        assertThat(FileNames.encode("DTW_1=x+y@z-9")).isEqualTo("DTW_1=x+y@z-9");
        assertThat(FileNames.encode("v1.2")).isEqualTo("v1.2");
    }

    @Test
    void leadsOutOfNoDirectoryAndToNoHiddenFile() {
        assertThat(FileNames.encode("..")).isEqualTo("%2E%2E");
        assertThat(FileNames.encode("../x")).isEqualTo("%2E%2E%2Fx");
        assertThat(FileNames.encode(".p.ndjson")).isEqualTo("%2Ep.ndjson");
        assertThat(FileNames.encode("a:b")).isEqualTo("a%3Ab");
        assertThat(FileNames.encode("a%3Ab")).isEqualTo("a%253Ab");
        assertThat(FileNames.encode("é\u0000~")).isEqualTo("%C3%A9%00%7E");
    }

    @Test
    void keepsLongNamesApartThoughTheyAreCut() {
        String one = FileNames.encode("a" + ":".repeat(126) + "x");
        String other = FileNames.encode("a" + ":".repeat(126) + "y");
        assertThat(one).hasSize(128).isNotEqualTo(other);
        assertThat(FileNames.encode("x".repeat(128))).isEqualTo("x".repeat(128));
    }
}
