package dev.sluice.sink;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A question to the database that goes along with the last statement of a transaction, after all that was written. What
 * a write relied on is compared so without a round trip of its own.
 *
 * @param query returns at most one row, of one text
 * @param parameters of the query
 * @param judge is told that text, null if there is no row; throws where the transaction must not be committed
 */
public record LastLook(String query, List<Object> parameters, Consumer<@Nullable String> judge) {

    public LastLook {
        parameters = List.copyOf(parameters);
    }
}
