package dev.sluice.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A copy in the place of a file that failed to be forced. After a failed fsync the kernel may have dropped the pages and
 * marked them clean: the next fsync of the same file would succeed and lie. What was durable before that is read back
 * into a file that never failed.
 */
final class CopiedFile {

    private static final int BLOCK = 64 * 1024;

    private CopiedFile() {}

    /** Puts a durable copy of the first {@code bytes} bytes in the place of the file. */
    static void replace(SinkDirectory directory, String name, long bytes) {
        String copyName = "." + name + ".copy";
        Path copyPath = directory.path(copyName);
        try {
            directory.deleteIfExists(copyName);
            try (FileChannel from = directory.open(name, StandardOpenOption.READ);
                    FileChannel to =
                            directory.open(copyName, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                copy(from, to, bytes, directory.disk());
            }
            directory.replace(copyName, name);
        } catch (IOException e) {
            try {
                directory.deleteIfExists(copyName); // gives back its room, if it can
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw FileFailure.notWritten(copyPath, bytes, e);
        }
        directory.force();
        directory.trust(name);
    }

    private static void copy(FileChannel from, FileChannel to, long bytes, Disk disk) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long left = bytes; left > 0; left -= block.limit()) {
            block.clear().limit((int) Math.min(BLOCK, left));
            if (from.read(block) < 0) {
                throw new IOException("it ends " + left + " bytes before its committed length");
            }
            block.flip();
            disk.write(to, block, bytes - left);
        }
        disk.force(to);
    }
}
