package dev.sluice.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.file.FileSinkProperties.Layout;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FileSinkPropertiesTests {

    private static FileSinkProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("s", FileSinkProperties.class);
    }

    @Test
    void hasDefaults() {
        FileSinkProperties single = bind(Map.of("s.directory", "out"));
        assertThat(single.layout()).isEqualTo(Layout.SINGLE);
        assertThat(single.path()).isAbsolute();
        FileSinkProperties segments = bind(Map.of("s.directory", "out", "s.layout", "segments"));
        assertThat(segments.segmentBytes()).isEqualTo(64 << 20);
        assertThat(segments.segmentAge()).isEqualTo(Duration.ofHours(1));
        assertThat(segments.segmentCompression()).isEqualTo(Compression.NONE);
    }

    @Test
    void readsWhatIsSet() {
        FileSinkProperties segments = bind(Map.of(
                "s.directory", "out",
                "s.layout", "segments",
                "s.rotate-size", "1MB",
                "s.rotate-age", "5m",
                "s.compression", "zstd"));
        assertThat(segments.segmentBytes()).isEqualTo(1 << 20);
        assertThat(segments.segmentAge()).isEqualTo(Duration.ofMinutes(5));
        assertThat(segments.segmentCompression()).isEqualTo(Compression.ZSTD);
    }

    @Test
    void refusesWhatMakesNoSenseAndNamesTheKey() {
        refuses(Map.of(), "directory: ");
        refuses(Map.of("s.directory", " "), "directory: ");
        refuses(Map.of("s.directory", "a\u0000b"), "directory: ");
        refuses(Map.of("s.directory", "out", "s.rotate-size", "1MB"), "rotate-size: ");
        refuses(Map.of("s.directory", "out", "s.rotate-age", "1m"), "rotate-age: ");
        refuses(Map.of("s.directory", "out", "s.compression", "gzip"), "compression: ");
        refuses(Map.of("s.directory", "out", "s.layout", "segments", "s.rotate-size", "0B"), "rotate-size: ");
        refuses(Map.of("s.directory", "out", "s.layout", "segments", "s.rotate-age", "0s"), "rotate-age: ");
    }

    @Test
    void letsFilesHaveAPartOfWhatTheProcessMayOpen() {
        assertThat(new FileProperties(null, null).mostOpen()).isBetween(16, 4096);
        assertThat(new FileProperties(7, null).mostOpen()).isEqualTo(7);
        assertThatThrownBy(() -> new FileProperties(0, null)).hasMessageStartingWith("sluice.files.max-open ");
    }

    private static void refuses(Map<String, String> settings, String key) {
        assertThatThrownBy(() -> bind(settings))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key);
    }
}
