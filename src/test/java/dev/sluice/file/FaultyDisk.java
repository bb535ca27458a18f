package dev.sluice.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real disk that refuses what a test tells it to. */
final class FaultyDisk implements Disk {

    private long room = Long.MAX_VALUE;
    private int forcesToFail;
    private volatile String refusal = "";
    final List<Path> forcedDirectories = new ArrayList<>();
    int forces;

    void leaveRoomFor(long bytes) {
        room = bytes;
    }

    /** From now on writes fail, and the system gives this reason; none if it is empty. */
    void refuse(String reason) {
        refusal = reason;
    }

    void failNextForce() {
        forcesToFail = 1;
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        if (!refusal.isEmpty()) {
            throw new IOException(refusal);
        }
        if (bytes.remaining() > room) {
            bytes.limit(bytes.position() + (int) room);
            room = 0;
            Disk.super.write(file, bytes, position);
            throw new IOException("No space left on device");
        }
        room -= bytes.remaining();
        Disk.super.write(file, bytes, position);
    }

    @Override
    public void force(FileChannel file) throws IOException {
        forces++;
        if (forcesToFail > 0) {
            forcesToFail--;
            throw new IOException("Input/output error");
        }
        Disk.super.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        forcedDirectories.add(directory);
        Disk.super.forceDirectory(directory);
    }
}
