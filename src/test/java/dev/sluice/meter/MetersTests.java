package dev.sluice.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetersTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SinkTags tags = new SinkTags();
    private final Meters meters = new Meters(registry, tags);
    private final PerSink<Counter> counters = meters.perSink(sink -> registry.counter("sluice.c", "sink", sink));

    @BeforeEach
    void filter() {
        registry.config().meterFilter(tags);
    }

    private List<String> named() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("sink"))
                .toList();
    }

    private void fill() {
        IntStream.range(0, SinkTags.MOST).forEach(i -> counters.of("s" + i).increment());
    }

    @Test
    void countsSinksBeyondTheFirstHundredTogether() {
        fill();
        counters.of("late").increment();
        counters.of("later").increment();
        assertThat(named()).hasSize(SinkTags.MOST + 1).contains("s0", "other").doesNotContain("late");
        assertThat(registry.counter("sluice.c", "sink", "other").count()).isEqualTo(2);
    }

    @Test
    void boundsMetersThatAreRegisteredDirectlyToo() {
        fill();
        registry.counter("sluice.d", "bound", "max-bytes", "sink", "late").increment();
        assertThat(registry.get("sluice.d").counter().getId().getTag("sink")).isEqualTo("other");
        assertThat(registry.get("sluice.d").counter().getId().getTag("bound")).isEqualTo("max-bytes");
    }

    @Test
    void leavesMetersOfOthersAlone() {
        fill();
        assertThat(registry.counter("somebody.else", "sink", "late").getId().getTag("sink"))
                .isEqualTo("late");
    }

    @Test
    void givesThePlaceOfASinkThatIsGoneToAnother() {
        fill();
        Counter gone = counters.of("s7");
        meters.forget(List.of("s7"));
        assertThat(named()).doesNotContain("s7");
        counters.of("new").increment();
        assertThat(named()).hasSize(SinkTags.MOST).contains("new").doesNotContain("other");
        assertThat(counters.of("s8")).isNotSameAs(gone);
        assertThat(registry.counter("sluice.c", "sink", "new").count()).isEqualTo(1);
    }

    @Test
    void beginsAnewForASinkThatComesBack() {
        counters.of("a").increment();
        meters.forget(List.of("a"));
        counters.of("a").increment();
        assertThat(registry.get("sluice.c").counter().count()).isEqualTo(1);
    }

    @Test
    void keepsWhatIsSharedWhenASinkOfItsNameGoes() {
        fill();
        counters.of("late").increment();
        meters.forget(List.of("other", "late"));
        assertThat(registry.counter("sluice.c", "sink", "other").count()).isEqualTo(1);
    }
}
