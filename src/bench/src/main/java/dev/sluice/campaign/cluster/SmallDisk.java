package dev.sluice.campaign.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A disk of its own for the files of the services, small enough to be filled: in memory, where one may be mounted. */
public final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "4g";
    private static final long MARGIN = 64 << 20;
    private static final int ATTEMPTS = 20;

    private final Path directory;
    private final boolean mounted;

    private SmallDisk(Path directory, boolean mounted) {
        this.directory = directory;
        this.mounted = mounted;
    }

    /** Mounts one at an empty directory, if this user may. */
    public static SmallDisk mount(Path directory) throws IOException, InterruptedException {
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "sluice-campaign", directory.toString());
        if (!mounted) {
            System.out.println("No disk can be mounted (it takes root): the one of the files is never full.");
        }
        return new SmallDisk(directory, mounted);
    }

    public boolean mounted() {
        return mounted;
    }

    /** Leaves so many bytes of room. */
    public void fill(long room) throws IOException, InterruptedException {
        // All at once takes a second, and is undone where the services write something meanwhile.
        long size = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long free = Files.getFileStore(directory).getUsableSpace() - room;
            long more = free > 2 * MARGIN ? free - MARGIN : free;
            if (free <= 0) {
                return;
            }
            if (run("fallocate", "-l", Long.toString(size + more), ballast().toString())) {
                size += more;
            }
        }
        if (Files.getFileStore(directory).getUsableSpace() <= MARGIN) {
            return;
        }
        throw new IOException("the disk could not be filled");
    }

    /** Gives the room back. */
    public void makeRoom() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            try {
                if (!run("umount", directory.toString())) {
                    run("umount", "-l", directory.toString());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
