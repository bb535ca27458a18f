package dev.sluice.column;

import dev.sluice.sink.Description;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of members that no column takes. As a definition has it: a word, or an object. */
public record OtherMembers(
        @Description("What to do with them, if it is not to put them into a column.") @Nullable
        Policy policy,

        @Description("A column of type json or jsonb that takes them, as an object; NULL where there are none.")
        @Nullable
        String into) {

    /** What to do with them. */
    public enum Policy {
        REFUSE,
        IGNORE,
        /** Each gets a column of its own in the table. */
        ADD_COLUMNS
    }

    public OtherMembers {
        if ((policy == null) == (into == null)) {
            throw new IllegalArgumentException(
                    "other-members: is refuse, ignore, add-columns, or {\"into\": \"<a column of type jsonb>\"}");
        }
    }

    /** Makes one of a word. */
    public static OtherMembers of(String word) {
        for (Policy policy : Policy.values()) {
            if (policy.name().equals(word.strip().toUpperCase(Locale.ROOT).replace('-', '_'))) {
                return new OtherMembers(policy, null);
            }
        }
        throw new IllegalArgumentException("'" + word
                + "' is none of refuse, ignore, add-columns; or write {\"into\": \"<a column of type jsonb>\"}");
    }

    /** Whether a record that has any is refused as long as it has. */
    boolean refused() {
        return policy == Policy.REFUSE || policy == Policy.ADD_COLUMNS;
    }

    /** Whether each gets a column of its own. */
    public boolean added() {
        return policy == Policy.ADD_COLUMNS;
    }
}
