package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink made of sinks could not bring a batch to all of them. Thrown again, the batch reaches those that lack it. */
public final class PartialFailureException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient List<Child> children;

    /**
     * What became of the batch at one child.
     *
     * @param nextOffset where the child's partition stands, null if that is not known
     * @param failure null if the child has the batch
     */
    public record Child(
            String sink,
            String partition,
            @Nullable Long nextOffset,
            @Nullable SinkException failure) {}

    /** Makes the exception from what became of each child, in the order of the definition. */
    public PartialFailureException(Disposition disposition, String message, List<Child> children) {
        super(disposition, message, null);
        this.children = List.copyOf(children);
    }

    /** Returns what became of the batch at each child, in the order of the definition. */
    public List<Child> children() {
        return children;
    }
}
