package dev.sluice.file;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which segments and manifest files there are in a directory, by partition. Listed anew no more often than keeps it a
 * small part of the work, however many files and partitions there are. Thread-safe; guarded by this object.
 */
final class SegmentListing {

    private static final long PAUSES = 20;

    private final SinkDirectory directory;
    private @Nullable SoftReference<Map<String, List<String>>> known;
    private long began;
    private long took;

    SegmentListing(SinkDirectory directory) {
        this.directory = directory;
    }

    /** Returns what there was of a partition a moment ago. */
    List<String> recent(SegmentNames names) {
        return now(false).getOrDefault(names.partition(), List.of());
    }

    /** Returns what there is of a partition. */
    List<String> current(SegmentNames names) {
        return now(true).getOrDefault(names.partition(), List.of());
    }

    private synchronized Map<String, List<String>> now(boolean fresh) {
        Map<String, List<String>> listed = known == null ? null : known.get();
        if (listed == null || fresh || System.nanoTime() - began > took * PAUSES) {
            began = System.nanoTime();
            listed = list();
            took = System.nanoTime() - began;
            known = new SoftReference<>(listed);
        }
        return listed;
    }

    private Map<String, List<String>> list() {
        Map<String, List<String>> listed = new HashMap<>();
        for (String name : directory.names(SegmentNames::isAny)) {
            listed.computeIfAbsent(SegmentNames.partitionOf(name), partition -> new ArrayList<>(1))
                    .add(name);
        }
        return listed;
    }
}
