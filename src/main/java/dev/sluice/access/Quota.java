package dev.sluice.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a sender may be given only so much of. */
public enum Quota {
    /** Requests of any kind, each second. */
    REQUESTS_PER_SECOND("requestsPerSecond"),
    /** Bytes of their bodies, as they are sent, each second. */
    BYTES_PER_SECOND("bytesPerSecond"),
    /** Requests between their head and their answer. */
    REQUESTS_AT_ONCE("requestsAtOnce"),
    /** Stored sinks among those that the sender may define. */
    SINKS("sinks"),
    /** Partitions and workers of these. */
    PARTITIONS("partitions");

    private final String label;

    Quota(String label) {
        this.label = label;
    }

    /** Returns the name that people use. */
    public String label() {
        return label;
    }

    /** Returns the quota of that name. */
    public static Optional<Quota> of(String label) {
        return Arrays.stream(values())
                .filter(quota -> quota.label.equals(label))
                .findFirst();
    }

    /** Returns the names of all of them. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Quota::label).toList();
    }
}
