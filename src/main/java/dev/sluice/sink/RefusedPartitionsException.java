package dev.sluice.sink;

import java.util.Map;

/**
 * Some of the partitions in a {@link JointWrite} cannot take what they were given; the others could. The service writes
 * again without them.
 */
public final class RefusedPartitionsException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Map<String, SinkException> partitions;

    /** Makes one from what each of these partitions answers; at least one. */
    public RefusedPartitionsException(Map<String, SinkException> partitions) {
        this(Map.copyOf(partitions), partitions.values().iterator().next());
    }

    private RefusedPartitionsException(Map<String, SinkException> partitions, SinkException first) {
        super(first.disposition(), String.valueOf(first.getMessage()), first.retryAfter(), first);
        this.partitions = partitions;
    }

    /** Returns why each of them refuses, by partition. */
    public Map<String, SinkException> partitions() {
        return partitions;
    }
}
