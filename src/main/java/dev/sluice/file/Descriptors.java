package dev.sluice.file;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** How many files, sockets and the like this process may have open; what the system calls descriptors. */
final class Descriptors {

    private static final Pattern EXHAUSTED = Pattern.compile("(?i)too many open files");
    private static final int PARTS = 4;
    private static final int LEAST = 16;
    private static final int MOST = 4096;
    /* What other threads may have closed between the failure and the question. */
    private static final int NEAR = 4;

    private Descriptors() {}

    /** Returns the part of them that data files may take; the rest is for connections, libraries and logs. */
    static int share() {
        return (int) Math.max(LEAST, Math.min(MOST, limit() / PARTS));
    }

    /** Whether something failed because the process, or the whole system, may not open any more. */
    static boolean exhausted(IOException e) {
        if (e instanceof NoSuchFileException
                || e instanceof FileAlreadyExistsException
                || e instanceof AccessDeniedException) {
            return false;
        }
        // The system may say it in the language of the machine.
        return EXHAUSTED.matcher(String.valueOf(e.getMessage())).find() || open() >= limit() - NEAR;
    }

    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static long open() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
        } catch (InternalError e) {
            return Long.MAX_VALUE; // there is not even one left to count them with
        }
    }
}
