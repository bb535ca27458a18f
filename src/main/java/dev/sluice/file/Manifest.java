package dev.sluice.file;

import java.util.ArrayList;
import java.util.List;

/**
 * Which bytes of which segments are a partition's records, in order; the resume state. The oldest of a long list are
 * in manifest files, each naming the one before it, so that this stays small for ever.
 *
 * @param sealed what manifest files list
 * @param segments what came after that; the last one may still grow
 */
record Manifest(int version, Sealed sealed, List<Segment> segments) {

    static final int VERSION = 1;

    static final Manifest EMPTY = new Manifest(VERSION, Sealed.NONE, List.of());

    /** Checks that it is complete and makes it immutable. */
    Manifest {
        if (sealed == null || segments == null) {
            throw new IllegalArgumentException("a manifest has the members version, sealed and segments");
        }
        segments = List.copyOf(segments);
    }

    /**
     * A segment and its committed length.
     *
     * @param bytes whatever the file has beyond them does not count
     */
    record Segment(String name, long bytes) {
        /** Checks that it is complete. */
        Segment {
            if (name == null) {
                throw new IllegalArgumentException("a segment of a manifest has a name");
            }
        }
    }

    /**
     * The newest manifest file.
     *
     * @param count how many segments it and those before it list
     * @param name its name, empty if there is none
     * @param bytes its length
     */
    record Sealed(long count, String name, long bytes) {

        static final Sealed NONE = new Sealed(0, "", 0);

        /** Checks that it is complete. */
        Sealed {
            if (name == null) {
                throw new IllegalArgumentException("the sealed part of a manifest has a name, an empty one for none");
            }
        }
    }

    /** Returns the number of the next segment: they are numbered from 1, without a hole. */
    long nextSequence() {
        return sealed.count() + segments.size() + 1;
    }

    /** Returns the manifest with one more segment, or with the last one grown. */
    Manifest with(Segment segment) {
        List<Segment> list = new ArrayList<>(segments);
        if (!list.isEmpty() && list.get(list.size() - 1).name().equals(segment.name())) {
            list.remove(list.size() - 1);
        }
        list.add(segment);
        return new Manifest(VERSION, sealed, list);
    }
}
