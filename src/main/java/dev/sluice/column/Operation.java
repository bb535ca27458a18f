package dev.sluice.column;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How a record says what it does. */
public record Operation(
        @Description("A JSON Pointer (RFC 6901) to a string, a number or a boolean.")
        String from,

        @Description("What stands there if the row is deleted.") @Bounds(least = "1")
        List<String> delete,

        @Description("What stands there if the row is written; with none, anything else or nothing at all.")
        @DefaultValue
        List<String> write) {

    public Operation {
        if (from == null) {
            throw new IllegalArgumentException(
                    "from: says where a record tells what it does: a JSON Pointer, like /op");
        }
        Pointer.parse(from);
        delete = delete == null ? List.of() : List.copyOf(delete);
        write = write == null ? List.of() : List.copyOf(write);
        if (delete.isEmpty()) {
            throw new IllegalArgumentException(
                    "delete: lists what stands at " + from + " if a row is deleted, like [\"d\"]");
        }
        List<String> deletes = delete;
        write.stream().filter(deletes::contains).findFirst().ifPresent(both -> {
            throw new IllegalArgumentException("write: '" + both + "' is in delete, too");
        });
    }
}
