package dev.sluice.file;

import dev.sluice.file.Manifest.Sealed;
import dev.sluice.file.Manifest.Segment;
import dev.sluice.file.SegmentLayout.Rewound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checks that a manifest from a client is where its partition once stood. */
final class SegmentRewind {

    private final SinkDirectory directory;
    private final ManifestFiles files;
    private final Manifest current;

    SegmentRewind(SinkDirectory directory, ManifestFiles files, Manifest current) {
        this.directory = directory;
        this.files = files;
        this.current = current;
    }

    /** Returns what the current manifest lists and {@code earlier} does not, or refuses it. */
    Rewound to(Manifest earlier) {
        if (earlier.version() != Manifest.VERSION || earlier.segments().size() > SegmentPartition.MOST_SEGMENTS) {
            throw refused("it has version " + earlier.version() + " and "
                    + earlier.segments().size() + " segments");
        }
        List<String> left = new ArrayList<>();
        List<Segment> listed = new ArrayList<>(current.segments());
        for (Sealed sealed = current.sealed(); !sealed.equals(earlier.sealed()); ) {
            if (sealed.count() <= earlier.sealed().count()) {
                throw refused("its manifest file '" + earlier.sealed().name() + "' is not one of this partition");
            }
            ManifestFiles.Content content = files.read(sealed);
            left.add(sealed.name());
            listed.addAll(0, content.segments());
            sealed = content.previous();
        }
        requirePrefix(earlier.segments(), listed);
        listed.stream().skip(earlier.segments().size()).map(Segment::name).forEach(left::add);
        return new Rewound(earlier, left);
    }

    private void requirePrefix(List<Segment> earlier, List<Segment> listed) {
        if (earlier.isEmpty()) {
            return;
        }
        int last = earlier.size() - 1;
        if (last >= listed.size() || !earlier.subList(0, last).equals(listed.subList(0, last))) {
            throw refused("its segments are not those of this partition");
        }
        Segment cut = earlier.get(last);
        Segment whole = listed.get(last);
        boolean within = cut.name().equals(whole.name()) && cut.bytes() > 0 && cut.bytes() <= whole.bytes();
        if (!within || (cut.bytes() < whole.bytes() && !endsBatch(cut))) {
            throw refused(
                    "its last segment is '" + cut.name() + "' with " + cut.bytes() + " bytes; there this partition"
                            + " has '" + whole.name() + "' with " + whole.bytes() + ", and no batch may be cut in two");
        }
    }

    /* Of packed segments only the beginning of a batch can be told, of others only the end of a line. */
    private boolean endsBatch(Segment cut) {
        byte[] expected = new byte[] {'\n'};
        long position = cut.bytes() - 1;
        for (Compression compression : Compression.values()) {
            if (compression != Compression.NONE && cut.name().endsWith(compression.extension())) {
                expected = compression.magic();
                position = cut.bytes();
            }
        }
        ByteBuffer found = ByteBuffer.allocate(expected.length);
        try (FileChannel file = directory.open(cut.name(), StandardOpenOption.READ)) {
            file.read(found, position);
        } catch (IOException e) {
            throw FileFailure.unavailable(directory.path(cut.name()), "cannot be read", e);
        }
        return Arrays.equals(found.array(), expected);
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("the resume state was never this partition's: " + why);
    }
}
