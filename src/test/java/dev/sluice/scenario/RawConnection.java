package dev.sluice.scenario;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/** A connection whose every byte the test sends itself. */
public final class RawConnection implements AutoCloseable {

    private static final int LONGEST_SILENCE = 30_000;

    private final Socket socket;
    private final InputStream in;

    public RawConnection(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects over TLS. */
    static RawConnection over(SSLContext tls, int port) throws IOException {
        return new RawConnection(tls.getSocketFactory().createSocket("localhost", port));
    }

    public RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(LONGEST_SILENCE);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends the head of a batch of NDJSON; {@code headers} are lines that end in CR LF. */
    public RawConnection head(String sink, String partition, String headers) throws IOException {
        return send("POST /sinks/" + sink + "/partitions/" + partition + "?offset=0 HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-ndjson\r\n" + headers + "\r\n");
    }

    public RawConnection send(String text) throws IOException {
        String withKey = KeysForTests.inHead(text, socket.getPort());
        socket.getOutputStream().write(withKey.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Reads one answer to its last byte, by its Content-Length or its last chunk. */
    public String answer() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) byteOrFail(text));
        }
        String head = text.toString();
        if (head.contains("Transfer-Encoding: chunked")) {
            while (!text.toString().endsWith("\r\n0\r\n\r\n")) {
                text.append((char) byteOrFail(text));
            }
            return text.toString();
        }
        int length = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).trim()))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private int byteOrFail(StringBuilder before) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the connection ended after: " + before);
        }
        return next;
    }

    /** Whether there is something to read, which may be the end. */
    public boolean hasAnswer() throws IOException {
        return in.available() > 0;
    }

    /** Whether the service neither says anything nor hangs up for so long. */
    boolean isQuietFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(LONGEST_SILENCE);
        }
    }

    /** Reads until the service hangs up. */
    public void awaitEnd() throws IOException {
        in.readAllBytes();
    }

    /** Returns all that comes until the service hangs up. */
    public String untilEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Hangs up with a reset. */
    public void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
