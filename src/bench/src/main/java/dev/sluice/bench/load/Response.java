package dev.sluice.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The answer that is coming in on a connection; only as much of HTTP/1.1 as servers use for small bodies. */
final class Response {

    private final ByteBuffer in;
    private final byte[] bytes;
    private String head = "";
    private int bodyStart;
    private int length;

    Response(int largest) {
        in = ByteBuffer.allocateDirect(largest);
        bytes = new byte[largest];
    }

    ByteBuffer buffer() {
        return in;
    }

    void reset() {
        in.clear();
        head = "";
    }

    /** Whether the answer is here to its last byte. */
    boolean complete() {
        length = in.position();
        in.get(0, bytes, 0, length);
        if (head.isEmpty() && !readHead()) {
            return false;
        }
        int declared = head.indexOf("\r\ncontent-length:");
        if (declared >= 0) {
            return length >= bodyStart + number(declared + "\r\ncontent-length:".length());
        }
        // Neither trailers nor a chunk that happens to end like this occur in the service's JSON.
        return endsWith("\r\n0\r\n\r\n") || (length == bodyStart + 5 && endsWith("0\r\n\r\n"));
    }

    int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    boolean closes() {
        return head.contains("\r\nconnection: close");
    }

    /** Returns the seconds of Retry-After, 0 where there are none. */
    int retryAfter() {
        int at = head.indexOf("\r\nretry-after:");
        return at < 0 ? 0 : number(at + "\r\nretry-after:".length());
    }

    boolean has(String json) {
        return find(json) >= 0;
    }

    /** Returns the number of a member of the body, −1 where it is missing. */
    long number(String member) {
        int at = find("\"" + member + "\":");
        if (at < 0) {
            return -1;
        }
        int i = at + member.length() + 3;
        while (bytes[i] == ' ') {
            i++;
        }
        long value = 0;
        while (bytes[i] >= '0' && bytes[i] <= '9') {
            value = value * 10 + bytes[i++] - '0';
        }
        return value;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private boolean readHead() {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                bodyStart = i + 1;
                head = lowerCase(i + 1);
                return true;
            }
        }
        return false;
    }

    private String lowerCase(int end) {
        StringBuilder text = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            text.append((char) (bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 32 : bytes[i]));
        }
        return text.toString();
    }

    private int number(int at) {
        int i = at;
        while (head.charAt(i) == ' ') {
            i++;
        }
        int value = 0;
        while (Character.isDigit(head.charAt(i))) {
            value = value * 10 + head.charAt(i++) - '0';
        }
        return value;
    }

    private boolean endsWith(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (length < text.length() || bytes[length - text.length() + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int find(String text) {
        for (int i = bodyStart; i <= length - text.length(); i++) {
            int j = 0;
            while (j < text.length() && bytes[i + j] == text.charAt(j)) {
                j++;
            }
            if (j == text.length()) {
                return i;
            }
        }
        return -1;
    }
}
