package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink that can show what records would become in its target, without anything being there afterwards. */
public interface RecordPreview {

    /** What becomes of a record. */
    enum Effect {
        WRITTEN,
        DELETED,
        NONE
    }

    /**
     * What would become of one record.
     *
     * @param effect null if the record is refused
     * @param row what the target would have of it, as JSON; null where that is nothing
     * @param rejected why the record is refused; null if it is not
     */
    record Previewed(
            long offset,
            @Nullable Effect effect,
            @Nullable String row,
            @Nullable RejectedRecord rejected) {}

    /**
     * Tries the records, each by itself; the target is made for that if it is not there.
     *
     * @throws SinkException if the target cannot be made or is not as it should be
     */
    List<Previewed> preview(String partition, List<SinkRecord> records);
}
