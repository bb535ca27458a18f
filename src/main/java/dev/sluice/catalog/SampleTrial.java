package dev.sluice.catalog;

import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.RecordPreview;
import dev.sluice.sink.RecordPreview.Effect;
import dev.sluice.sink.RecordPreview.Previewed;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries records on a definition that is not in force yet. */
final class SampleTrial {

    private SampleTrial() {}

    /** Returns what would become of each record; also without any, a table is looked at. */
    static List<Previewed> of(SinkDefinition sink, Draft draft, List<SinkRecord> records) {
        if (sink.sink() instanceof RecordPreview preview) {
            try {
                return preview.preview(sink.partitions().get(0), records);
            } catch (SinkException e) {
                throw told(e, draft);
            }
        }
        return records.stream().map(record -> checked(sink, record)).toList();
    }

    private static Previewed checked(SinkDefinition sink, SinkRecord record) {
        try {
            if (sink.stateless()) {
                sink.workers().decode(record);
            } else {
                sink.partitioned().check(record);
            }
            return new Previewed(record.offset(), Effect.WRITTEN, null, null);
        } catch (SinkException e) {
            if (e.rejected().isEmpty()) {
                throw e;
            }
            return new Previewed(record.offset(), null, null, e.rejected().get(0));
        }
    }

    /** Returns what a sink says of its target, without the secrets of its definition. */
    static SinkException told(SinkException e, @Nullable Draft draft) {
        String said = String.valueOf(e.getMessage());
        return new SinkException(
                e.disposition() == Disposition.REJECTED ? Disposition.BROKEN : e.disposition(),
                draft == null ? said : draft.secrets().removedFrom(said),
                null);
    }
}
