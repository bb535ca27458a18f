package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.sink.RecordPreview.Previewed;
import dev.sluice.sink.RejectedRecord;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a sample record.
 *
 * @param index among the samples
 * @param effect {@code written}, {@code deleted}, {@code none} or {@code rejected}
 * @param row what the target would have of it, where it can be shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SampleAnswer(
        long index,
        String effect,
        @JsonRawValue @Nullable String row,
        @Nullable RejectedRecord rejected) {

    static SampleAnswer of(Previewed previewed) {
        return new SampleAnswer(
                previewed.offset(),
                previewed.effect() == null
                        ? "rejected"
                        : previewed.effect().name().toLowerCase(Locale.ROOT),
                previewed.row(),
                previewed.rejected());
    }
}
