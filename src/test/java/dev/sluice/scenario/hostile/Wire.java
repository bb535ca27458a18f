package dev.sluice.scenario.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Connections on which a test says everything that it has to say at once, and hears the answers to the last. */
final class Wire {

    /** Beyond this a connection hangs. */
    private static final int LONGEST_SILENCE = 20_000;

    private Wire() {}

    /** Sends some requests, ends, and returns all that comes until the service ends, too. */
    static String tell(int port, List<String> requests) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LONGEST_SILENCE);
            try {
                OutputStream out = socket.getOutputStream();
                for (String request : requests) {
                    out.write(request.getBytes(StandardCharsets.ISO_8859_1));
                }
                socket.shutdownOutput();
            } catch (SocketException e) {
                // The service has hung up in the middle, and may have said why before.
            }
            return heard(socket.getInputStream());
        }
    }

    /** Sends something and resets the connection. */
    static void breakOff(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String heard(InputStream in) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[8_192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                all.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("the connection hangs after: " + all, e);
        } catch (SocketException e) {
            // Hung up while something was still to be read: what was said before counts.
        }
        return all.toString();
    }
}
