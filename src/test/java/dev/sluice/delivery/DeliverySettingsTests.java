package dev.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class DeliverySettingsTests {

    private static final DataSize MEGABYTE = DataSize.ofMegabytes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void refuses(String key, Runnable settings) {
        assertThatIllegalArgumentException().isThrownBy(settings::run).withMessageStartingWith(key + ": ");
    }

    @Test
    void takesABufferOfAnySensibleSize() {
        assertThat(new BatchingSinkProperties("t", 1, DataSize.ofBytes(1), Duration.ofNanos(1), 1).target())
                .isEqualTo("t");
        assertThat(new BatchingSinkProperties("t", 10_000, DataSize.ofMegabytes(4), SECOND, 10_000).batchSize())
                .isEqualTo(10_000);
    }

    @Test
    void refusesBuffersThatMakeNoSenseByTheirKey() {
        refuses("target", () -> new BatchingSinkProperties(null, 10, MEGABYTE, SECOND, 10));
        refuses("target", () -> new BatchingSinkProperties(" ", 10, MEGABYTE, SECOND, 10));
        refuses("batch-size", () -> new BatchingSinkProperties("t", 0, MEGABYTE, SECOND, 10));
        refuses("batch-size", () -> new BatchingSinkProperties("t", 10_001, MEGABYTE, SECOND, 20_000));
        refuses("batch-bytes", () -> new BatchingSinkProperties("t", 10, DataSize.ofBytes(0), SECOND, 10));
        refuses("batch-bytes", () -> new BatchingSinkProperties("t", 10, DataSize.ofMegabytes(5), SECOND, 10));
        refuses("flush-interval", () -> new BatchingSinkProperties("t", 10, MEGABYTE, Duration.ZERO, 10));
        refuses("flush-interval", () -> new BatchingSinkProperties("t", 10, MEGABYTE, SECOND.negated(), 10));
        refuses("max-backlog", () -> new BatchingSinkProperties("t", 10, MEGABYTE, SECOND, 9));
    }

    @Test
    void refusesFanOutsThatMakeNoSenseByTheirKey() {
        refuses("targets", () -> new FanoutSinkProperties(null, null));
        refuses("targets", () -> new FanoutSinkProperties(List.of(), Map.of()));
        refuses("targets", () -> new FanoutSinkProperties(List.of("a", "b", "a"), Map.of()));
        refuses("start-at.c", () -> new FanoutSinkProperties(List.of("a", "b"), Map.of("c", "0")));
        refuses("start-at.b", () -> new FanoutSinkProperties(List.of("a", "b"), Map.of("b", "now")));
        assertThat(new FanoutSinkProperties(List.of("a"), Map.of("a", "current")).startAt())
                .containsEntry("a", "current");
    }

    @Test
    void startsATargetInsideABatchWithThePartThatItWants() {
        NumberedTargets targets = new NumberedTargets();
        FanoutChild child = new FanoutChild("late", "0", "3", targets);
        child.begin(batch(0, 2), Runnable::run).join();
        assertThat(targets.nextOffset("late", "0")).isEqualTo(3);
        child.begin(batch(2, 6), Runnable::run).join();
        assertThat(targets.records.get("late"))
                .extracting(record -> record.offset())
                .containsExactly(3L, 4L, 5L);
        child.begin(batch(6, 7), Runnable::run).join();
        assertThat(targets.records.get("late")).hasSize(4);

        FanoutChild fromNought = new FanoutChild("nought", "0", "0", targets);
        assertThat(fromNought.begin(batch(0, 2), Runnable::run).join().failure())
                .isNull();
        assertThat(targets.records.get("nought")).hasSize(2);
    }

    private static SinkBatch<SinkRecord> batch(long first, long end) {
        return new SinkBatch<>(
                first,
                end,
                LongStream.range(first, end)
                        .mapToObj(offset -> new SinkRecord(offset, new byte[] {'1'}))
                        .toList());
    }
}
