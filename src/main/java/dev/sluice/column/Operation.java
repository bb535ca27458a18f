package dev.sluice.column;

import java.util.List;

/**
 * How a record says what it does.
 *
 * @param from a JSON Pointer (RFC 6901) to a string, a number or a boolean
 * @param delete what stands there if the row is deleted
 * @param write what stands there if the row is written; empty: anything else, or nothing at all
 */
public record Operation(String from, List<String> delete, List<String> write) {

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
