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

    private final String partition;
    private final Pattern segment;
    private final Pattern manifest;

    SegmentNames(String partition) {
        this.partition = FileNames.encode(partition);
        String quoted = Pattern.quote(this.partition);
        this.segment = Pattern.compile(quoted + "-\\d{10,18}-(\\d{10,18})-[0-9a-f]{8}\\.ndjson(?:\\.gz|\\.zst)?");
        this.manifest = Pattern.compile(quoted + "-\\d{10,18}-[0-9a-f]{8}\\.manifest\\.json");
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

    boolean isOwn(String name) {
        return segment.matcher(name).matches() || manifest.matcher(name).matches();
    }

    /** Returns the sequence number in a segment's name; 0 for any other name. */
    long sequence(String name) {
        Matcher matcher = segment.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /* A state may have been through a client: its names must not lead anywhere else. */
    void requireSegment(String name) {
        if (sequence(name) == 0) {
            throw FileFailure.broken(
                    "the snapshot lists '" + name + "', which is not a segment of partition file " + partition);
        }
    }

    void requireManifest(String name) {
        if (!manifest.matcher(name).matches()) {
            throw FileFailure.broken(
                    "the snapshot names '" + name + "', which is not a manifest of partition file " + partition);
        }
    }
}
