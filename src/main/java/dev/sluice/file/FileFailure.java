package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Tells what went wrong with a file, to somebody who has to do something about it. */
final class FileFailure {

    private static final Pattern FULL = Pattern.compile("(?i)no space left|quota");

    private FileFailure() {}

    /** The file is not what it should be; nothing in it was touched. */
    static SinkException broken(String message) {
        return new SinkException(Disposition.BROKEN, message, null);
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
        long free = free(path);
        if (FULL.matcher(reason(e)).find() || free < needed) {
            String has = free == Long.MAX_VALUE ? "" : ", the disk has " + free + " free";
            return new SinkException(
                    Disposition.UNAVAILABLE,
                    "the disk of " + path + " is full: up to " + needed + " bytes are needed" + has + " (" + reason(e)
                            + "); make room, then the next try succeeds",
                    e);
        }
        return unavailable(path, "cannot be written", e);
    }

    private static long free(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // only the first failure is worth telling
        }
    }

    private static String reason(IOException e) {
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
