package dev.sluice.file;

import dev.sluice.file.Manifest.Segment;
import dev.sluice.file.SegmentLayout.Rewound;
import dev.sluice.sink.FencedPartition;
import dev.sluice.sink.FlushedPartition;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is a list of segments. Writes only to segments that this very object has created: a process that
 * was stopped may still write to its own, and nobody else's. Its mutable state is used by one thread at a time, as the
 * SPI promises.
 */
final class SegmentPartition
        implements StatefulSinkPartition<SinkRecord, Manifest>,
                FlushedPartition<SinkRecord>,
                FencedPartition,
                RewindablePartition<Manifest> {

    /* Some 45 KB of JSON with the longest names; 64 KiB is what the service takes. */
    static final int MOST_SEGMENTS = 200;

    private final SinkDirectory directory;
    private final FileSinkProperties settings;
    private final Clock clock;
    private final SegmentNames names;
    private final ManifestFiles files;
    private final Consumer<Rewound> onRewind;
    private final Watch watch;
    /* Also read by whoever looks at the health. */
    private volatile Manifest manifest;
    private long fencingToken;
    private @Nullable AppendFile segment;
    private Instant begun = Instant.MAX;
    private boolean rewound;

    SegmentPartition(
            SinkDirectory directory,
            FileSinkProperties settings,
            Clock clock,
            SegmentNames names,
            ManifestFiles files,
            Manifest manifest,
            Consumer<Rewound> onRewind,
            Watch watch) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
        this.names = names;
        this.files = files;
        this.manifest = manifest;
        this.onRewind = onRewind;
        this.watch = watch;
    }

    @Override
    public void fence(long fencingToken, long life) {
        if (fencingToken != this.fencingToken) {
            endSegment(); // a segment's name tells whose it is
            this.fencingToken = fencingToken;
        }
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        append(items);
        flush();
    }

    @Override
    public void append(List<SinkRecord> items) {
        if (rewound) {
            throw new IllegalStateException("after a rewind the partition is built anew before it is written to");
        }
        if (!items.isEmpty()) {
            watch.beginning(() -> write(items));
        }
    }

    private void write(List<SinkRecord> items) {
        AppendFile file = segmentWithRoom();
        orGiveBack(file, () -> file.write(items, settings.segmentCompression()));
    }

    @Override
    public void flush() {
        AppendFile written = segment;
        if (written != null && written.end() > written.bytes()) {
            watch.writing(() -> force(written));
        }
    }

    private void force(AppendFile file) {
        orGiveBack(file, file::force);
        manifest = manifest.with(new Segment(file.name(), file.bytes()));
    }

    private void orGiveBack(AppendFile file, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            segment = null;
            file.giveBack();
            throw e;
        }
    }

    private AppendFile segmentWithRoom() {
        Instant now = clock.instant();
        AppendFile current = segment;
        if (current != null
                && current.end() < settings.segmentBytes()
                && Duration.between(begun, now).compareTo(settings.segmentAge()) < 0) {
            return current;
        }
        if (current != null && current.end() > current.bytes()) {
            force(current);
        }
        endSegment();
        if (manifest.segments().size() >= MOST_SEGMENTS) {
            manifest = files.seal(manifest);
        }
        AppendFile next = AppendFile.create(
                directory, names.segment(fencingToken, manifest.nextSequence(), settings.segmentCompression()));
        segment = next;
        begun = now;
        return next;
    }

    @Override
    public Manifest snapshot() {
        return manifest;
    }

    @Override
    public void rewind(long nextOffset, @Nullable Manifest earlier) {
        if (earlier == null && nextOffset > 0) {
            throw new IllegalArgumentException("the resume state is missing: without one this sink only goes back to"
                    + " offset 0, not to " + nextOffset);
        }
        Rewound left = new SegmentRewind(directory, files, manifest).to(earlier == null ? Manifest.EMPTY : earlier);
        manifest = left.manifest();
        rewound = true;
        onRewind.accept(left);
    }

    @Override
    public void close() {
        endSegment();
    }

    private void endSegment() {
        AppendFile current = segment;
        segment = null;
        if (current != null) {
            current.close();
        }
    }
}
