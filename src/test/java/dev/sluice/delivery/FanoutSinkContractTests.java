package dev.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.PartialFailureException;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class FanoutSinkContractTests extends SinkPartitionContract<SinkRecord, Void>
        implements SinkPartitionContract.Target<SinkRecord, Void> {

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final NumberedTargets targets = new NumberedTargets();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Override
    protected SinkPartitionContract.Target<SinkRecord, Void> target() {
        return this;
    }

    @Override
    public FixedPartitionedSink<SinkRecord, Void> sink() {
        return new FanoutSink(
                List.of("0"),
                List.of(AnySink.target("one"), AnySink.target("two")),
                new FanoutSinkProperties(List.of("one", "two"), Map.of()),
                writer(),
                executor);
    }

    private ObjectProvider<TargetWriter> writer() {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("writer", targets);
        return beans.getBeanProvider(TargetWriter.class);
    }

    @Override
    public void commit(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        work.run();
    }

    /* What has reached a target stays there: lost is what no target could take. */
    @Override
    public void lose(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        targets.failing.putAll(Map.of("one", Disposition.UNAVAILABLE, "two", Disposition.UNAVAILABLE));
        assertThatExceptionOfType(SinkException.class).isThrownBy(work::run);
        targets.failing.clear();
    }

    @Override
    public List<String> stored(String partition) {
        List<SinkRecord> one = targets.records.getOrDefault("one", List.of());
        assertThat(one).isEqualTo(targets.records.getOrDefault("two", List.of()));
        return one.stream().map(SinkRecord::json).toList();
    }

    @Test
    void tellsWhatBecameOfEachTargetByUrgency() {
        targets.failing.put("two", Disposition.BUSY);
        FanoutSinkPartition partition = (FanoutSinkPartition) sink().buildPart("both", "0", null);
        SinkBatch<SinkRecord> batch = new SinkBatch<>(0, 5, List.of(record(3)));
        assertThatExceptionOfType(PartialFailureException.class)
                .isThrownBy(() -> partition.send(batch))
                .satisfies(e -> {
                    assertThat(e.disposition()).isEqualTo(Disposition.BUSY);
                    assertThat(e.children().get(0).nextOffset()).isEqualTo(5);
                    assertThat(e.children().get(0).failure()).isNull();
                    assertThat(e.children().get(1).nextOffset()).isZero();
                    assertThat(e.getMessage()).contains("1 of 2", "[0, 5)", "'two'", "gone fishing");
                });
        targets.failing.put("one", Disposition.REJECTED);
        assertThatExceptionOfType(PartialFailureException.class)
                .isThrownBy(() -> partition.send(batch))
                .satisfies(e -> assertThat(e.disposition()).isEqualTo(Disposition.REJECTED));
        targets.failing.clear();
        partition.send(batch);
        assertThat(stored("0")).hasSize(1);
    }
}
