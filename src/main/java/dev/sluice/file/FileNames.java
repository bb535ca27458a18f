package dev.sluice.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names of partitions as names of files: one to one, and never a path out of the directory. */
final class FileNames {

    /* File systems take 255 bytes; what is left is for fencing token, sequence number and extension. */
    private static final int LONGEST = 128;
    private static final int HASH_BYTES = 8;

    private FileNames() {}

    /** Returns the name with everything percent-encoded that means something to a file system or a shell. */
    static String encode(String partition) {
        StringBuilder encoded = new StringBuilder();
        boolean leading = true;
        for (byte b : partition.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            leading &= c == '.';
            if (isPlain(c) || (c == '.' && !leading)) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        if (encoded.length() <= LONGEST) {
            return encoded.toString();
        }
        String hash = HexFormat.of().formatHex(sha256(partition), 0, HASH_BYTES);
        return encoded.substring(0, LONGEST - hash.length() - 1) + "~" + hash; // no other name has a '~'
    }

    private static boolean isPlain(char c) {
        boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
        return letterOrDigit || "_=+@-".indexOf(c) >= 0;
    }

    /** Refuses names that are one file where case does not count, as on macOS. */
    static void refuseTwins(List<String> partitions) {
        Map<String, String> seen = new HashMap<>();
        for (String partition : partitions) {
            String twin = seen.put(folded(partition), partition);
            if (twin != null) {
                throw new IllegalArgumentException("partitions: '" + twin + "' and '" + partition
                        + "' would be the same file where case does not count; give them names that differ in more");
            }
        }
    }

    /** Returns the name under which two partitions meet on a file system where case does not count. */
    static String folded(String partition) {
        return encode(partition).toLowerCase(Locale.ROOT);
    }

    /** Returns a number that two names have in common as good as never. */
    static long hash(String name) {
        return ByteBuffer.wrap(sha256(name)).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
