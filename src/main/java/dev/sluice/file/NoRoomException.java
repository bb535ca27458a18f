package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.nio.file.Path;

/** A write for which the disk had no room: no blocks, no inode, or a quota. */
final class NoRoomException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Path path;
    private final long needed;

    /**
     * Makes one.
     *
     * @param needed how many bytes were to be written at most; 0 if it was a file to be made
     * @param free how many the disk had left
     */
    NoRoomException(Path path, long needed, long free, String reason, Throwable cause) {
        super(Disposition.UNAVAILABLE, text(path, needed, free, reason), cause);
        this.path = path;
        this.needed = needed;
    }

    private static String text(Path path, long needed, long free, String reason) {
        return "the disk of " + path + " is full: up to " + needed + " bytes are needed"
                + (needed == 0 ? " and an inode" : "") + ", the disk has " + free + " free (" + reason
                + "); make room, then the next try succeeds";
    }

    Path path() {
        return path;
    }

    long needed() {
        return needed;
    }
}
