package dev.sluice.file;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class FileSinkContractIT {

    abstract static class Contract<S> extends SinkPartitionContract<SinkRecord, S>
            implements SinkPartitionContract.Target<SinkRecord, S> {

        @TempDir
        Path directory;

        private @Nullable FileSink<S> running;

        abstract FileSinkProperties settings();

        @Override
        protected Target<SinkRecord, S> target() {
            return this;
        }

        @Override
        @SuppressWarnings("unchecked") // the layout decides the state's type
        public FixedPartitionedSink<SinkRecord, S> sink() {
            crash();
            FileSink<S> started = (FileSink<S>) new FileSinkType(Clock.systemUTC(), Disk.REAL, new FileHandles(1))
                    .create("files", List.of("0", "1"), settings());
            started.prepare();
            running = started;
            return started;
        }

        /** Closes descriptors and locks, as the end of a process does. */
        @AfterEach
        void crash() {
            if (running != null) {
                running.close();
            }
        }

        @Override
        public void commit(StatefulSinkPartition<SinkRecord, S> partition, Runnable work) {
            work.run();
        }

        @Override
        public void lose(StatefulSinkPartition<SinkRecord, S> partition, Runnable work) {
            work.run();
        }

        @Override
        public List<String> stored(String partition) {
            return Stored.lines(directory, partition);
        }
    }

    @Nested
    class Single extends Contract<SingleFilePartition.State> {
        @Override
        FileSinkProperties settings() {
            return new FileSinkProperties(directory.toString(), Layout.SINGLE, null, null, null);
        }
    }

    @Nested
    class Segments extends Contract<Manifest> {
        @Override
        FileSinkProperties settings() {
            return new FileSinkProperties(directory.toString(), Layout.SEGMENTS, null, null, Compression.NONE);
        }
    }

    @Nested
    class GzipSegments extends Contract<Manifest> {
        @Override
        FileSinkProperties settings() {
            return new FileSinkProperties(directory.toString(), Layout.SEGMENTS, null, null, Compression.GZIP);
        }
    }

    @Nested
    class ZstdSegments extends Contract<Manifest> {
        @Override
        FileSinkProperties settings() {
            return new FileSinkProperties(directory.toString(), Layout.SEGMENTS, null, null, Compression.ZSTD);
        }
    }
}
