package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Tells what went wrong with a file, to somebody who has to do something about it. */
final class FileFailure {

    private static final Pattern FULL = Pattern.compile("(?i)no space left|quota");

    private FileFailure() {}

    /** The file is not what it should be; nothing in it was touched. */
    static SinkException broken(String message) {
        return new SinkException(Disposition.BROKEN, message, null);
    }

    /** What was acknowledged is not there any more; nothing was touched. */
    static LostTargetException lost(Loss loss, String message) {
        return new LostTargetException(
                loss, message + " Nothing was changed. Mount the right disk, or bring the file back from a backup");
    }

    /**
     * A file that lacks what was acknowledged.
     *
     * @param found how many bytes it has; empty if there is no file
     */
    static LostTargetException tooShort(Path path, OptionalLong found, long expected) {
        return lost(
                found.isEmpty() ? Loss.GONE : Loss.EMPTIED,
                path + " " + (found.isEmpty() ? "is missing" : "has only " + found.getAsLong() + " bytes") + ", but "
                        + expected + " bytes of it are committed: acknowledged records are gone.");
    }

    /** A file that stands where another one stood. */
    static SinkException replaced(Path path, long found, long expected) {
        String what = path + " was replaced by another file, with " + found + " bytes";
        return expected == 0
                ? broken(what + ". Leave it alone while the sink writes to it")
                : lost(
                        Loss.REPLACED,
                        what + ": of the one that the sink writes to, " + expected + " bytes are acknowledged:"
                                + " acknowledged records are gone.");
    }

    /** A file that does not end as it did. */
    static LostTargetException edited(Path path, long expected) {
        return lost(
                Loss.REPLACED,
                path + " has something else than this sink has written before its committed length of " + expected
                        + " bytes; it is another file, or was edited: acknowledged records are gone.");
    }

    /** A file that could not be opened, most probably for want of handles, of rights or of an inode. */
    static SinkException notOpened(Path path, String what, IOException e) {
        if (FULL.matcher(reason(e)).find()) {
            return notWritten(path, 0, e);
        }
        if (Descriptors.exhausted(e)) {
            return unavailable(
                    path,
                    what + ", though all other files of sinks that were not in use were closed for it; look"
                            + " for who has so many open (connections count), or raise the limit (ulimit -n)",
                    e);
        }
        return unavailable(path, what, e);
    }

    /** Something that should work, and may work later. */
    static SinkException unavailable(Path path, String what, IOException e) {
        return new SinkException(Disposition.UNAVAILABLE, path + " " + what + ": " + reason(e), e);
    }

    /**
     * A write that failed, most probably for want of room.
     *
     * @param needed how many bytes it was about to write at most
     */
    static SinkException notWritten(Path path, long needed, IOException e) {
        if (FULL.matcher(reason(e)).find() || free(path) < needed) {
            return new NoRoomException(path, needed, free(path), reason(e), e);
        }
        return unavailable(path, "cannot be written", e);
    }

    /** Returns how many bytes the disk of a file has left; without opening anything, for even that may be impossible. */
    static long free(Path path) {
        Path parent = path.getParent();
        return (parent == null ? path : parent).toFile().getUsableSpace();
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name is there";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileSystemException named && named.getReason() != null) {
            return String.valueOf(named.getReason());
        }
        return e.toString();
    }
}
