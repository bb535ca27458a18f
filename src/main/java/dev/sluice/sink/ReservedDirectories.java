package dev.sluice.sink;

import java.nio.file.Path;
import java.util.List;

/** Directories of the service itself, to which no sink may write, whoever has defined it. */
public record ReservedDirectories(List<Reserved> all) {

    /** None. */
    public static final ReservedDirectories NONE = new ReservedDirectories(List.of());

    /**
     * One of them.
     *
     * @param withAllBelow whether directories inside it are reserved as well
     * @param setting which names it
     */
    public record Reserved(Path directory, boolean withAllBelow, String setting) {}

    /** Makes an immutable list. */
    public ReservedDirectories {
        all = List.copyOf(all);
    }
}
