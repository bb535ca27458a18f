package dev.sluice.file;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a partition's segments: {@code <partition>-<fencing token>-<sequence>-<random>.ndjson}. Sorted by name
 * they are in the order in which they were written; the random part keeps apart what two processes write at once.
 */
final class SegmentNames {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern SEGMENT =
            Pattern.compile("(.+)-\\d{10,18}-(\\d{10,18})-[0-9a-f]{8}\\.ndjson(?:\\.gz|\\.zst)?");
    private static final Pattern MANIFEST = Pattern.compile("(.+)-\\d{10,18}-[0-9a-f]{8}\\.manifest\\.json");

    private final String partition;

    SegmentNames(String partition) {
        this.partition = FileNames.encode(partition);
    }

    /** Returns the partition as it stands in names of files. */
    String partition() {
        return partition;
    }

    /** Whether a file of that name belongs to some partition. */
    static boolean isAny(String name) {
        return !partitionOf(name).isEmpty();
    }

    /** Returns the partition in a name, as it stands there; empty for a name of another kind. */
    static String partitionOf(String name) {
        Matcher segment = SEGMENT.matcher(name);
        if (segment.matches()) {
            return segment.group(1);
        }
        Matcher manifest = MANIFEST.matcher(name);
        return manifest.matches() ? manifest.group(1) : "";
    }

    String segment(long fencingToken, long sequence, Compression compression) {
        return String.format(
                Locale.ROOT,
                "%s-%010d-%010d-%08x.ndjson%s",
                partition,
                fencingToken,
                sequence,
                RANDOM.nextInt(),
                compression.extension());
    }

    String manifest(long count) {
        return String.format(Locale.ROOT, "%s-%010d-%08x.manifest.json", partition, count, RANDOM.nextInt());
    }

    /** Returns the sequence number in a segment's name; 0 for any other name. */
    long sequence(String name) {
        Matcher matcher = SEGMENT.matcher(name);
        return matcher.matches() && matcher.group(1).equals(partition) ? Long.parseLong(matcher.group(2)) : 0;
    }

    /* A state may have been through a client: its names must not lead anywhere else. */
    void requireSegment(String name) {
        if (sequence(name) == 0) {
            throw FileFailure.broken(
                    "the snapshot lists '" + name + "', which is not a segment of partition file " + partition);
        }
    }

    void requireManifest(String name) {
        Matcher matcher = MANIFEST.matcher(name);
        if (!matcher.matches() || !matcher.group(1).equals(partition)) {
            throw FileFailure.broken(
                    "the snapshot names '" + name + "', which is not a manifest of partition file " + partition);
        }
    }
}
