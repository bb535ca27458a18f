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

    /** Writes all of {@code bytes}, the first of them at {@code position}, wherever the channel stands. */
    default void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += file.write(bytes, next);
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
