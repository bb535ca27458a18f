package dev.sluice.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a disk may refuse to do; everything that makes records durable goes through here. */
interface Disk {

    /** The disk of this machine. */
    Disk REAL = new Disk() {};

    /** Writes all of {@code bytes} at the channel's position. */
    default void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Returns once everything written to the file is durable, its size included. */
    default void force(FileChannel file) throws IOException {
        file.force(true);
    }

    /** Returns once the names in the directory are durable. */
    default void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
