package dev.sluice.column;

import dev.sluice.sink.Description;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a column gets its value. As a definition has it: a JSON Pointer, or an object. */
public record ColumnSource(
        @Description("A JSON Pointer (RFC 6901) into the record; empty for all of it.")
        String from,

        @Description("The column's type, as SQL writes it, in a table that is created.") @Nullable
        String type,

        @Description("The unit of a number that a time is made of, counted from 1970-01-01 00:00 UTC.") @Nullable
        EpochUnit unit,

        @Description("What a string holds; without it PostgreSQL reads the string.") @Nullable
        StringEncoding encoding) {

    private static final Pattern TYPE = Pattern.compile(
            "[A-Za-z_][A-Za-z0-9_.]*( [A-Za-z_]+)*( ?\\([0-9]+(, ?[0-9]+)?\\))?( with(out)? time zone)?(\\[\\])*");

    public ColumnSource {
        if (from == null) {
            throw new IllegalArgumentException(
                    "from: says where it gets its value: a JSON Pointer, like /name, or an empty one for the whole record");
        }
        Pointer.parse(from);
        if (type != null && !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException(
                    "type: '" + type + "' is not a type as SQL writes it, like numeric(12,2) or text[]");
        }
    }

    /** Makes one of nothing but a pointer. */
    public static ColumnSource of(String pointer) {
        return new ColumnSource(pointer, null, null, null);
    }

    /** Makes one of the member of this name. */
    public static ColumnSource named(String member) {
        return of("/" + member.replace("~", "~0").replace("/", "~1"));
    }
}
