package dev.sluice.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** What the last bytes of a file look like, in short: another file of the same length is no continuation. */
final class Tail {

    private static final int BYTES = 4 * 1024;

    private Tail() {}

    /** Returns a check sum of the bytes before that position; throws if the file ends before it. */
    static String of(FileChannel channel, long position) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(BYTES, position));
        long from = position - tail.capacity();
        while (tail.hasRemaining()) {
            if (channel.read(tail, from + tail.position()) < 0) {
                throw new EOFException("it ends before byte " + position);
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(tail.flip());
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
