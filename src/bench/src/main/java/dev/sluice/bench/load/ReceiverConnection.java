package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of the receiver: only as much of HTTP/1.1 as is needed for bodies with a length. */
final class ReceiverConnection {

    private static final String LENGTH = "\r\ncontent-length:";
    private static final byte[] END = {'\r', '\n', '\r', '\n'};
    private static final ByteBuffer DONE = answer("");

    private final Receiver receiver;
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
    private String path = "";
    private boolean inBody;
    private long left;

    ReceiverConnection(Receiver receiver, SocketChannel channel) {
        this.receiver = receiver;
        this.channel = channel;
    }

    /** Takes what has come; false when the other end has closed. */
    boolean read() throws IOException {
        if (channel.read(in) < 0) {
            return false;
        }
        in.flip();
        while (inBody || readHead()) {
            int skipped = (int) Math.min(left, in.remaining());
            in.position(in.position() + skipped);
            left -= skipped;
            inBody = left > 0;
            if (inBody) {
                break;
            }
            answer();
        }
        in.compact();
        if (!in.hasRemaining()) {
            throw new IOException("a head that is longer than " + in.capacity() + " bytes");
        }
        return true;
    }

    private boolean readHead() throws IOException {
        int start = in.position();
        int end = endOfHead(start);
        if (end < 0) {
            return false;
        }
        byte[] bytes = new byte[end - start];
        in.get(bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int first = head.indexOf(' ') + 1;
        path = head.substring(first, head.indexOf(' ', first));
        int length = head.indexOf(LENGTH);
        left = length < 0 ? 0 : Long.parseLong(value(head, length + LENGTH.length()));
        if (head.contains("\r\ntransfer-encoding:")) {
            throw new IOException("bodies without a length are not understood");
        }
        return true;
    }

    private static String value(String head, int from) {
        return head.substring(from, head.indexOf('\r', from)).strip();
    }

    private int endOfHead(int from) {
        for (int i = from; i + END.length <= in.limit(); i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + END.length;
            }
        }
        return -1;
    }

    private void answer() throws IOException {
        if (path.equals("/count")) {
            channel.write(answer(Long.toString(receiver.taken())));
        } else if (!path.endsWith("/hang")) {
            receiver.took();
            channel.write(DONE.duplicate());
        }
    }

    private static ByteBuffer answer(String body) {
        String text = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length());
        return bytes.put(text.getBytes(StandardCharsets.ISO_8859_1)).flip();
    }
}
