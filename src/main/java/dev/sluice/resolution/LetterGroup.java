package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters with the same cause, as far as code and field tell.
 *
 * @param field null where none is named
 * @param message of the first of them; null for whoever may not see records
 * @param first when the first of them was refused
 * @param last when the last of them was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LetterGroup(
        String code,
        @Nullable String field,
        long count,
        long partitions,
        @Nullable String message,
        Instant first,
        Instant last) {

    LetterGroup withoutMessage() {
        return new LetterGroup(code, field, count, partitions, null, first, last);
    }
}
