package dev.sluice.file;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A directory, a disk that can be made to fail, and what tests of files say again and again. */
final class Fixture {

    final FaultyDisk disk = new FaultyDisk();
    final Path directory;
    final FileHandles handles;
    private final FileSinkType type;

    Fixture(Path directory) {
        this(directory, Clock.systemUTC());
    }

    Fixture(Path directory, Clock clock) {
        this(directory, clock, 100);
    }

    Fixture(Path directory, Clock clock, int mostOpen) {
        try {
            this.directory = directory.toRealPath();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        this.handles = new FileHandles(mostOpen);
        this.type = new FileSinkType(clock, disk, handles);
    }

    FileSinkType type() {
        return type;
    }

    FileSinkProperties single() {
        return new FileSinkProperties(directory.toString(), Layout.SINGLE, null, null, null);
    }

    FileSink<SingleFilePartition.State> singleSink() {
        return singleSink("files", "p");
    }

    @SuppressWarnings("unchecked") // the layout decides the state's type
    FileSink<SingleFilePartition.State> singleSink(String id, String... partitions) {
        FileSink<SingleFilePartition.State> sink =
                (FileSink<SingleFilePartition.State>) type.create(id, List.of(partitions), single());
        sink.prepare();
        return sink;
    }

    FileSink<Manifest> segmentSink() {
        return segmentSink(null, null, null);
    }

    @SuppressWarnings("unchecked") // the layout decides the state's type
    FileSink<Manifest> segmentSink(@Nullable DataSize size, @Nullable Duration age, @Nullable Compression compression) {
        FileSinkProperties settings =
                new FileSinkProperties(directory.toString(), Layout.SEGMENTS, size, age, compression);
        FileSink<Manifest> sink = (FileSink<Manifest>) type.create("files", List.of("p"), settings);
        sink.prepare();
        return sink;
    }

    static SegmentPartition segments(FileSink<Manifest> sink, @Nullable Manifest manifest) {
        return (SegmentPartition) sink.buildPart("files", "p", manifest);
    }

    /** Returns what the manifest lists, in its order, without the directory. */
    static List<String> names(Manifest manifest) {
        return manifest.segments().stream().map(Manifest.Segment::name).toList();
    }

    static SingleFilePartition part(
            FileSink<SingleFilePartition.State> sink, SingleFilePartition.@Nullable State state) {
        return (SingleFilePartition) sink.buildPart("files", sink.listParts().get(0), state);
    }

    static SingleFilePartition.State at(long bytes) {
        return new SingleFilePartition.State(1, bytes, null);
    }

    static List<SinkRecord> records(String... values) {
        return Arrays.stream(values)
                .map(value -> new SinkRecord(0, value.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    static AbstractThrowableAssert<?, ?> assertBroken(ThrowingCallable call) {
        return assertFails(call, Disposition.BROKEN);
    }

    static AbstractThrowableAssert<?, ?> assertLost(Loss loss, ThrowingCallable call) {
        return Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LostTargetException.class,
                        e -> Assertions.assertThat(e.loss()).as(e.getMessage()).isEqualTo(loss))
                .hasMessageContaining("acknowledged records are gone");
    }

    static AbstractThrowableAssert<?, ?> assertUnavailable(ThrowingCallable call) {
        return assertFails(call, Disposition.UNAVAILABLE);
    }

    private static AbstractThrowableAssert<?, ?> assertFails(ThrowingCallable call, Disposition disposition) {
        return Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SinkException.class,
                        e -> Assertions.assertThat(e.disposition())
                                .as(e.getMessage())
                                .isEqualTo(disposition));
    }
}
