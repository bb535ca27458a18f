package dev.sluice.file;

import dev.sluice.file.Manifest.Sealed;
import dev.sluice.file.Manifest.Segment;
import dev.sluice.sink.LostTargetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that are lists of segments. Looks at what is there before a partition goes on: its manifest says which
 * bytes count, and everything else is left alone, for another process may still be writing it. Thread-safe: what
 * changes is in concurrent collections, and each of their entries is used by one thread at a time.
 */
final class SegmentLayout implements FileSink.Layout<Manifest> {

    private static final Logger log = LoggerFactory.getLogger(SegmentLayout.class);
    private static final int MOST_TOLD = 20;

    private final SinkDirectory directory;
    private final FileSinkProperties settings;
    private final Clock clock;
    private final Map<String, Rewound> rewound = new ConcurrentHashMap<>();
    private final SegmentListing listing;
    private final Set<String> orphansTold = ConcurrentHashMap.newKeySet();

    /** What a rewind leaves out of the manifest, to be deleted once that manifest is committed. */
    record Rewound(Manifest manifest, List<String> files) {}

    SegmentLayout(SinkDirectory directory, FileSinkProperties settings, Clock clock) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
        this.listing = new SegmentListing(directory);
    }

    @Override
    public SegmentPartition open(String partition, @Nullable Manifest committed, Watch watch) {
        SegmentNames names = new SegmentNames(partition);
        ManifestFiles files = new ManifestFiles(directory, names);
        if (committed == null) {
            refuseForeign(names);
        } else {
            committed.segments().forEach(this::cutLonger);
            deleteRewound(partition, committed);
            tellOrphans(partition, committed, names);
        }
        SegmentPartition opened = new SegmentPartition(
                directory,
                settings,
                clock,
                names,
                files,
                committed == null ? Manifest.EMPTY : committed,
                left -> rewound.put(partition, left),
                watch);
        Set<String> orphans = Set.copyOf(unlisted(names, opened.snapshot(), listing.recent(names)));
        watch.require(() -> requireStillThere(names, files, opened.snapshot(), orphans));
        return opened;
    }

    @Override
    public String file(String partition) {
        return "";
    }

    private void refuseForeign(SegmentNames names) {
        if (listing.recent(names).isEmpty()) {
            return;
        }
        List<String> foreign = listing.current(names);
        if (!foreign.isEmpty()) {
            throw FileFailure.broken(directory.path(foreign.get(0)) + " and " + (foreign.size() - 1)
                    + " more files of this partition are there, but no snapshot of it; nothing was changed. Move them"
                    + " away, or give the sink another directory");
        }
    }

    @Override
    public void requireThere(String partition, Manifest committed) {
        SegmentNames names = new SegmentNames(partition);
        requireThere(names, new ManifestFiles(directory, names), committed);
    }

    /* Those that older manifest files list may have been moved away for good. */
    private void requireThere(SegmentNames names, ManifestFiles files, Manifest committed) {
        if (committed.version() != Manifest.VERSION) {
            throw FileFailure.broken("the snapshot of a partition in " + directory.configured()
                    + " is not one of this version of Sluice: it has version " + committed.version());
        }
        for (Segment segment : committed.segments()) {
            names.requireSegment(segment.name());
            requireThere(segment);
        }
        if (!committed.sealed().name().isEmpty()) {
            ManifestFiles.Content newest = files.read(committed.sealed());
            newest.segments().forEach(this::requireThere);
            files.verify(newest.previous());
        }
    }

    @Override
    public List<Segment> committed(String partition, Manifest manifest) {
        ManifestFiles files = new ManifestFiles(directory, new SegmentNames(partition));
        Deque<List<Segment>> parts = new ArrayDeque<>();
        parts.push(manifest.segments());
        Sealed sealed = manifest.sealed();
        while (!sealed.name().isEmpty()) {
            ManifestFiles.Content content = files.read(sealed);
            parts.push(content.segments());
            sealed = content.previous();
        }
        return parts.stream().flatMap(List::stream).toList();
    }

    private void requireThere(Segment segment) {
        OptionalLong size = directory.size(segment.name());
        if (size.orElse(-1) < segment.bytes()) {
            throw FileFailure.tooShort(directory.configured().resolve(segment.name()), size, segment.bytes());
        }
    }

    /*
     * Another process may have gone on with the partition, taken it back, and deleted what it left out: then what this
     * one knows of it is of no use any more. It is told by segments that this one does not know.
     */
    private void requireStillThere(SegmentNames names, ManifestFiles files, Manifest known, Set<String> orphans) {
        try {
            requireThere(names, files, known);
        } catch (LostTargetException e) {
            if (orphans.containsAll(unlisted(names, known, listing.recent(names)))) {
                throw e;
            }
        }
    }

    private void cutLonger(Segment segment) {
        if (directory.size(segment.name()).orElse(0) > segment.bytes()) {
            cut(segment);
        }
    }

    /* For plain readers only, so it need neither succeed nor last: what is not listed does not count anyway. */
    private void cut(Segment segment) {
        try (FileChannel file = directory.open(segment.name(), StandardOpenOption.WRITE)) {
            file.truncate(segment.bytes());
        } catch (IOException e) {
            log.warn(
                    "{} cannot be cut to its {} committed bytes; what lies beyond does not count: {}",
                    directory.path(segment.name()),
                    segment.bytes(),
                    e.toString());
        }
    }

    /*
     * Safe, because none of them can ever be listed again: the manifest that leaves them out is the committed one, and
     * new segments have new names. Those of a rewind that was not committed, or after which this process died, stay.
     */
    private void deleteRewound(String partition, Manifest committed) {
        Rewound left = rewound.remove(partition);
        if (left == null || !left.manifest().equals(committed)) {
            return;
        }
        for (String file : left.files()) {
            try {
                directory.deleteIfExists(file);
            } catch (IOException e) {
                log.warn("{} was taken back but cannot be deleted: {}", directory.path(file), e.toString());
            }
        }
    }

    private void tellOrphans(String partition, Manifest committed, SegmentNames names) {
        if (!orphansTold.add(partition)) {
            return;
        }
        List<String> orphans = unlisted(names, committed, listing.recent(names));
        if (!orphans.isEmpty()) {
            log.info(
                    "{}: segments in no manifest, which do not count ({}, left by a crash or still being written by"
                            + " another process): {}",
                    directory.configured(),
                    orphans.size(),
                    orphans.subList(0, Math.min(MOST_TOLD, orphans.size())));
        }
    }

    /* Those with lower numbers are listed in the manifest files, or were told when they were new. */
    private static List<String> unlisted(SegmentNames names, Manifest manifest, List<String> found) {
        Set<String> listed = new HashSet<>();
        manifest.segments().forEach(segment -> listed.add(segment.name()));
        return found.stream()
                .filter(name -> names.sequence(name) > manifest.sealed().count() && !listed.contains(name))
                .toList();
    }
}
