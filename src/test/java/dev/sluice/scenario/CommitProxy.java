package dev.sluice.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A TCP proxy in front of PostgreSQL that cuts one connection around a COMMIT. The driver behind it must not prepare
 * statements ({@code prepareThreshold=0}), so that COMMIT passes by in plain text.
 */
final class CommitProxy implements AutoCloseable {

    enum Cut {
        /** Nothing. */
        NONE,
        /** Before the server sees the COMMIT. */
        BEFORE_COMMIT,
        /** Neither here nor there: the server waits for a COMMIT that does not come, as of a stopped process. */
        SILENCE,
        /** After the server has committed, before the client hears of it. */
        AFTER_COMMIT
    }

    private static final String COMMIT = "COMMIT\0";
    private static final String ROWS = "insert into \"public\".\"events\"";

    private final ServerSocket listener;
    private final int target;
    private final Semaphore end = new Semaphore(0);
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NONE);

    CommitProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends a silence by cutting the connection. */
    void endSilence() {
        end.release();
    }

    /** Cuts the connection of the next COMMIT of rows of the table events: the service has others of its own. */
    void cutNext(Cut cut) {
        next.set(cut);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                AtomicReference<Cut> cut = new AtomicReference<>(Cut.NONE);
                start(() -> pump(client, server, cut, true));
                start(() -> pump(server, client, cut, false));
            } catch (IOException e) {
                // Closed, or the server is away: the client sees its connection end.
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicReference<Cut> cut, boolean towardsServer) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            boolean rows = false;
            while ((read = in.read(buffer)) >= 0) {
                String sent = towardsServer ? new String(buffer, 0, read, StandardCharsets.ISO_8859_1) : "";
                rows |= sent.contains(ROWS);
                if (rows && sent.contains(COMMIT)) {
                    rows = false;
                    cut.set(next.getAndSet(Cut.NONE));
                    if (cut.get() == Cut.BEFORE_COMMIT) {
                        return;
                    }
                    if (cut.get() == Cut.SILENCE) {
                        end.acquireUninterruptibly();
                        return;
                    }
                }
                if (!towardsServer && cut.get() == Cut.AFTER_COMMIT) {
                    return; // this is the answer to the COMMIT
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone; closing both tells the other.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "commit-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
