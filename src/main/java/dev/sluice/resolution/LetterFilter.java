package dev.sluice.resolution;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of a sink; what is null is not asked for.
 *
 * @param state {@link LetterState#OPEN} for those on their way, too
 * @param field empty for those that name none
 */
record LetterFilter(
        @Nullable LetterState state,
        @Nullable String partition,
        @Nullable String code,
        @Nullable String field) {

    private static final String UNSETTLED = " and state in ('open', 'sending')";

    /** What is open, whatever it is. */
    static final LetterFilter OPEN = new LetterFilter(LetterState.OPEN, null, null, null);

    /** Returns the conditions on the rows of {@code sink}, to stand behind {@code where}. */
    String where() {
        return "sink = ?"
                + (state == null ? "" : state == LetterState.OPEN ? UNSETTLED : " and state = ?")
                + (partition == null ? "" : " and partition_id = ?")
                + (code == null ? "" : " and code = ?")
                + (field == null ? "" : " and coalesce(field, '') = ?");
    }

    List<Object> parameters(String sink) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(sink);
        if (state != null && state != LetterState.OPEN) {
            parameters.add(state.text());
        }
        for (String value : new String[] {partition, code, field}) {
            if (value != null) {
                parameters.add(value);
            }
        }
        return parameters;
    }
}
