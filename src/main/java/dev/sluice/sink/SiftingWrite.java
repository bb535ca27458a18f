package dev.sluice.sink;

import java.util.List;

/**
 * Records of one partition on their way into a transaction that goes on without those that the target refuses. Where
 * something else fails, or more is refused than was agreed, {@link #add} and {@link #flush} throw as those of any write.
 */
public interface SiftingWrite extends JointWrite {

    /** Returns what the target has refused, in the order of offsets; complete once all is flushed. */
    List<RejectedRecord> refused();
}
