package dev.sluice.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every partition of a fixed-partitioned sink has to keep to, whatever its target.
 *
 * @param <X> what the partition is handed for each record
 * @param <S> its resume state
 */
public abstract class SinkPartitionContract<X, S> {

    /** What of a partition and its target a test needs; one target for all that a test builds. */
    public interface Target<X, S> {

        /** Builds the sink, new as after a restart. */
        FixedPartitionedSink<X, S> sink();

        /** Runs {@code work} as the service would: with the partition joined to a transaction, if that is its way. */
        void commit(StatefulSinkPartition<X, S> partition, Runnable work);

        /** Runs {@code work} and lets it go to waste, as a crash before the commit would. */
        void lose(StatefulSinkPartition<X, S> partition, Runnable work);

        /** Returns the values in the target, in order. */
        List<String> stored(String partition);
    }

    protected abstract Target<X, S> target();

    /**
     * Whether the target forgets what was written but not committed, as exactly-once sinks see to. Where it does not,
     * what was committed must be there in order, each record at least once.
     */
    protected boolean forgets() {
        return true;
    }

    private final List<X> decoded(FixedPartitionedSink<X, S> sink, long from, long to) {
        List<X> items = new ArrayList<>();
        LongStream.range(from, to).forEach(offset -> items.add(sink.decode(record(offset))));
        return items;
    }

    protected SinkRecord record(long offset) {
        return record(offset, "");
    }

    private SinkRecord record(long offset, String text) {
        return new SinkRecord(offset, value(offset, text).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes the value of a record that has {@code text} somewhere in it; to be overridden for a sink that accepts only
     * some values. Must give the same answer every time, and another one for another offset.
     */
    protected String value(long offset, String text) {
        return text.isEmpty() ? "{\"o\": " + offset + "}" : "{\"o\": " + offset + ", \"text\": \"" + text + "\"}";
    }

    private String value(long offset) {
        return value(offset, "");
    }

    private List<String> values(long to) {
        return LongStream.range(0, to).mapToObj(this::value).toList();
    }

    private StatefulSinkPartition<X, S> build(FixedPartitionedSink<X, S> sink, @Nullable S state) {
        return sink.buildPart("contract", part(sink), state);
    }

    private String part(FixedPartitionedSink<X, S> sink) {
        return sink.listParts().get(0);
    }

    @Test
    void listsTheSamePartitionsEveryTime() {
        assertThat(target().sink().listParts())
                .isNotEmpty()
                .isEqualTo(target().sink().listParts());
    }

    @Test
    void routesAKeyTheSameWayEveryTime() {
        for (String key : new String[] {"", "DTW", "é", "a much longer key than the others"}) {
            assertThat(target().sink().partFn(key)).isEqualTo(target().sink().partFn(key));
        }
    }

    @Test
    void storesWhatIsWrittenInOrderWhateverTheCuts() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> {
            partition.writeBatch(decoded(sink, 0, 3));
            partition.writeBatch(decoded(sink, 3, 4));
        });
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 4, 9)));
        assertThat(target().stored(part(sink))).isEqualTo(values(9));
    }

    @Test
    void goesOnFromItsStateAfterARestart() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 5)));
        S state = partition.snapshot();
        partition.close();
        partition.close();

        FixedPartitionedSink<X, S> restarted = target().sink();
        StatefulSinkPartition<X, S> resumed = build(restarted, state);
        target().commit(resumed, () -> resumed.writeBatch(decoded(restarted, 5, 7)));
        assertThat(target().stored(part(sink))).isEqualTo(values(7));
    }

    @Test
    void forgetsWhatWasNotCommitted() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 5)));
        S state = partition.snapshot();
        target().lose(partition, () -> partition.writeBatch(decoded(sink, 5, 9)));

        StatefulSinkPartition<X, S> resumed = build(target().sink(), state);
        target().commit(resumed, () -> resumed.writeBatch(decoded(sink, 5, 6)));
        List<String> stored = target().stored(part(sink));
        if (forgets()) {
            assertThat(stored).isEqualTo(values(6));
        } else {
            assertThat(stored).startsWith(values(5).toArray(String[]::new)).endsWith(value(5));
        }
    }

    @Test
    void givesAStateThatLaterWritesDoNotChange() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 2)));
        S state = partition.snapshot();
        String before = String.valueOf(state);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 2, 4)));
        assertThat(String.valueOf(state)).isEqualTo(before);
    }

    @Test
    @SuppressWarnings("unchecked") // a partition's capabilities are of the partition's own types
    void goesBackToAnEarlierState() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 3)));
        S state = partition.snapshot();
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 3, 8)));
        if (partition instanceof RewindablePartition<?> rewindable) {
            target().commit(partition, () -> ((RewindablePartition<S>) rewindable).rewind(3, state));
            S taken = partition.snapshot();
            partition.close();
            StatefulSinkPartition<X, S> rebuilt = build(sink, taken);
            assertThat(target().stored(part(sink))).isEqualTo(values(3));
            target().commit(rebuilt, () -> rebuilt.writeBatch(decoded(sink, 3, 4)));
            assertThat(target().stored(part(sink))).isEqualTo(values(4));
        }
    }

    @Test
    void givesTheStateThatItWasBuiltFrom() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 2)));
        S state = partition.snapshot();
        assertThat(build(target().sink(), state).snapshot()).isEqualTo(state);
    }

    @Test
    void takesAnEmptyListForNothing() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> {
            partition.writeBatch(List.of());
            partition.writeBatch(decoded(sink, 0, 1));
            partition.writeBatch(List.of());
        });
        assertThat(target().stored(part(sink))).isEqualTo(values(1));
    }

    @Test
    void storesRecordsWithHolesBetweenThem() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        long[] offsets = {7, 8, 1_000, (1L << 62) + 1};
        List<X> items = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (long offset : offsets) {
            items.add(sink.decode(record(offset)));
            expected.add(value(offset));
        }
        target().commit(partition, () -> write(partition, new SinkBatch<>(0, (1L << 62) + 2, items)));
        assertThat(target().stored(part(sink))).isEqualTo(expected);
    }

    /** Writes as the service does: only what is sent outside is told the range. */
    @SuppressWarnings("unchecked") // a partition's capabilities are of the partition's own types
    private void write(StatefulSinkPartition<X, S> partition, SinkBatch<X> batch) {
        if (partition instanceof OutboundPartition<?> outbound) {
            ((OutboundPartition<X>) outbound).send(batch);
        } else {
            partition.writeBatch(batch.items());
        }
    }

    @Test
    void keepsEveryCharacter() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        String text = "Zoë Å \u2028 \u05d0 \u20ac \ud83d\ude00 'quoted' ${no} {no} %s , ; |";
        target().commit(partition, () -> partition.writeBatch(List.of(sink.decode(record(0, text)))));
        assertThat(target().stored(part(sink))).containsExactly(value(0, text));
    }

    @Test
    void takesAsManyRecordsInOneCallAsTheServiceEverHandsOver() {
        FixedPartitionedSink<X, S> sink = target().sink();
        StatefulSinkPartition<X, S> partition = build(sink, null);
        target().commit(partition, () -> partition.writeBatch(decoded(sink, 0, 10_000)));
        assertThat(target().stored(part(sink))).isEqualTo(values(10_000));
    }
}
