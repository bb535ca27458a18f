package dev.sluice.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A sign of life of a server: whether it answers a connection at all, whatever state it is in. */
final class PostgresSign {

    /* Asks for TLS: answered with one byte before the server wants to know who asks. */
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    private PostgresSign() {}

    /** Whether a server on this port of this host answers within {@code most}. */
    static boolean isGiven(int port, Duration most) {
        int millis = (int) most.toMillis();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), millis);
            socket.getOutputStream().write(SSL_REQUEST);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
