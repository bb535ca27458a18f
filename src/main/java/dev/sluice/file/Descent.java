package dev.sluice.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/**
 * Opens a directory below another one, step by step and following no link, and so that what is done in it is done there
 * whatever becomes of its name meanwhile.
 */
final class Descent {

    private Descent() {}

    /** Opens it; both paths are real ones. */
    static SecureDirectoryStream<Path> enter(Path root, Path directory) throws IOException {
        SecureDirectoryStream<Path> here = secure(root);
        if (directory.equals(root)) {
            return here;
        }
        for (Path step : root.relativize(directory)) {
            try (SecureDirectoryStream<Path> passed = here) {
                here = passed.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return here;
    }

    /* It is the caller's to close. */
    @SuppressWarnings("StreamResourceLeak")
    private static SecureDirectoryStream<Path> secure(Path root) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(root);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new FileSystemException(
                root.toString(),
                null,
                "this file system cannot hold sinks to sluice.files.roots; define the sink in the configuration");
    }
}
