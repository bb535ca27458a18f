package dev.sluice.campaign.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Follows what a client says in PostgreSQL's protocol, to see where it commits. One for each connection, one thread. */
final class Frames {

    private static final int KEPT = 512;

    private final Set<String> commits = new HashSet<>();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean started;
    private int type;
    private long left;
    private int lengthBytes;
    private long length;

    /** Returns where in these bytes the message begins or goes on that makes the server commit, −1 if nowhere. */
    int commit(byte[] bytes, int count) {
        int at = -1;
        int begin = 0;
        for (int i = 0; i < count; ) {
            if (left == 0) {
                begin = i;
                i = header(bytes, count, i);
                continue;
            }
            int take = (int) Math.min(left, count - i);
            if (head.size() < KEPT) {
                head.write(bytes, i, Math.min(take, KEPT - head.size()));
            }
            left -= take;
            i += take;
            if (left == 0 && isCommit() && at < 0) {
                at = begin;
            }
        }
        return at;
    }

    /** Reads the type and length of a message, over several calls if need be; returns where its content begins. */
    private int header(byte[] bytes, int count, int from) {
        int i = from;
        if (started && type == 0) {
            type = bytes[i++];
        }
        while (i < count && lengthBytes < 4) {
            length = length << 8 | bytes[i++] & 0xff;
            lengthBytes++;
        }
        if (lengthBytes == 4) {
            left = length - 4;
            lengthBytes = 0;
            length = 0;
            head.reset();
            if (!started) {
                // The request for TLS is as long as this and comes before the start.
                started = left != 4;
                type = started ? 'S' + 256 : 0;
            }
            if (left == 0) {
                type = 0;
            }
        }
        return i;
    }

    private boolean isCommit() {
        int of = type;
        type = 0;
        String[] parts = head.toString(StandardCharsets.ISO_8859_1).split("\0", 3);
        switch (of) {
            case 'Q':
                return parts[0].equalsIgnoreCase("COMMIT");
            case 'P':
                if (parts.length < 2) {
                    return false;
                }
                commits.remove(parts[0]);
                if (parts[1].equalsIgnoreCase("COMMIT")) {
                    commits.add(parts[0]);
                }
                return false;
            case 'B':
                return parts.length >= 2 && commits.contains(parts[1]);
            default:
                return false;
        }
    }
}
