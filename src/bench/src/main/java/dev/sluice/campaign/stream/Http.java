package dev.sluice.campaign.stream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A client that never repeats anything by itself, and that can leave in the middle of a request. One connection per
 * service, one thread.
 */
final class Http implements Closeable {

    private final Map<Integer, Socket> sockets = new HashMap<>();
    private final int timeoutMillis;
    private final String authorization;

    /** @param key by which the services know who sends */
    Http(int timeoutMillis, String key) {
        this.timeoutMillis = timeoutMillis;
        this.authorization = "Authorization: Bearer " + key + "\r\n";
    }

    Answer get(int port, String path) {
        return exchange(port, head("GET", path, "", 0), new byte[0], 0);
    }

    Answer delete(int port, String path) {
        return exchange(port, head("DELETE", path, "", 0), new byte[0], 0);
    }

    Answer post(int port, String path, String headers, byte[] body) {
        return exchange(port, head("POST", path, headers, body.length), body, body.length);
    }

    /** Sends only so many bytes of the body that was announced, and hangs up. */
    void abort(int port, String path, String headers, byte[] body, int sent) {
        exchange(port, head("POST", path, headers, body.length), body, sent);
        drop(port);
    }

    private String head(String method, String path, String headers, int length) {
        String ofBody = method.equals("POST") ? "Content-Length: " + length + "\r\n" : "";
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + ofBody + authorization + headers + "\r\n";
    }

    private Answer exchange(int port, String head, byte[] body, int sent) {
        try {
            Socket socket = socket(port);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
            request.write(body, 0, sent);
            request.writeTo(socket.getOutputStream());
            if (sent < body.length) {
                return Answer.none("aborted");
            }
            return read(port, new BufferedInputStream(socket.getInputStream()));
        } catch (IOException | NumberFormatException e) {
            drop(port);
            return Answer.none(e.toString());
        }
    }

    private Answer read(int port, InputStream in) throws IOException {
        String status = line(in);
        int length = -1;
        boolean chunked = false;
        boolean closes = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).trim());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
            closes |= lower.startsWith("connection:") && lower.endsWith("close");
        }
        byte[] body = chunked ? chunks(in) : length < 0 ? in.readAllBytes() : in.readNBytes(length);
        if (length > body.length) {
            throw new EOFException("the answer ends too early");
        }
        if (closes || (length < 0 && !chunked)) {
            drop(port);
        }
        return new Answer(Integer.parseInt(status.substring(9, 12)), new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            byte[] chunk = in.readNBytes(size);
            if (chunk.length < size) {
                throw new EOFException("a chunk ends too early");
            }
            all.writeBytes(chunk);
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private Socket socket(int port) throws IOException {
        Socket open = sockets.get(port);
        if (open != null) {
            return open;
        }
        Socket socket = new Socket();
        sockets.put(port, socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(timeoutMillis);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        return socket;
    }

    private void drop(int port) {
        Socket socket = sockets.remove(port);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // Gone either way.
            }
        }
    }

    @Override
    public void close() {
        for (int port : sockets.keySet().toArray(new Integer[0])) {
            drop(port);
        }
    }
}
