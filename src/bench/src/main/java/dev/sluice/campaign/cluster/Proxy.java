package dev.sluice.campaign.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * What lies between a service and its database: it knows where a COMMIT is, and cuts, delays or holds connections
 * there. Settings may be changed at any time, by any thread.
 */
public final class Proxy implements AutoCloseable {

    /** What happens to a connection at its COMMIT. */
    public enum AtCommit {
        /** The server never sees it. */
        CUT_BEFORE,
        /** The server commits, the service never hears of it. */
        CUT_AFTER,
        /** The server waits for it in vain for a while, as of a stopped process; then the connection ends. */
        HOLD_BEFORE,
        /** The server commits, the service hears of it late. */
        HOLD_ANSWER,
        /** The service dies, the server never sees it. */
        KILL_BEFORE,
        /** The server commits, and the service dies before it hears of it. */
        KILL_AFTER
    }

    private static final Runnable NOBODY = () -> {};

    private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Map<AtCommit, Integer> done = new TreeMap<>();
    private final Random random;
    private final IntSupplier target;

    private volatile AtCommit atCommit = AtCommit.CUT_BEFORE;
    private volatile double share;
    private volatile long holdMillis;
    private volatile long latencyMillis;
    private volatile int trickleBytes;
    private volatile int redirected;
    private volatile long blackUntil;
    /* Guarded by the counts, as is what is drawn. */
    private Runnable kill = NOBODY;
    private AtCommit killAt;

    /** @param target where the database listens, at the moment of each connection */
    public Proxy(IntSupplier target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on leads new connections to another port, 0 for where the database listens. */
    public void redirect(int port) {
        redirected = port;
    }

    /** From now on does this at so many of all COMMITs. */
    public void atCommit(AtCommit what, double share, long holdMillis) {
        this.atCommit = what;
        this.holdMillis = holdMillis;
        this.share = share;
    }

    /** At the next COMMIT, once, ends the service by what is given, which returns when it is dead. */
    public void killAtCommit(AtCommit where, Runnable how) {
        synchronized (done) {
            kill = how;
            killAt = where;
        }
    }

    /** Kills nobody any more, whatever was drawn. */
    public void spare() {
        synchronized (done) {
            kill = NOBODY;
            killAt = null;
        }
    }

    private void kill(AtCommit where) {
        synchronized (done) {
            if (kill != NOBODY) {
                kill.run();
                kill = NOBODY;
                done.merge(where, 1, Integer::sum);
            }
        }
    }

    private void count(AtCommit what) {
        synchronized (done) {
            done.merge(what, 1, Integer::sum);
        }
    }

    /** Delays whatever passes, in both directions. */
    public void delay(long millis) {
        latencyMillis = millis;
    }

    /** Lets so few bytes through at once, with pauses; 0 for no limit. */
    public void trickle(int bytes) {
        trickleBytes = bytes;
    }

    /** Lets nothing through for a while, and says nothing. */
    public void blackHole(long millis) {
        blackUntil = System.nanoTime() + millis * 1_000_000;
    }

    public void cutAll() {
        links.forEach(Link::close);
    }

    public void heal() {
        share = 0;
        latencyMillis = 0;
        trickleBytes = 0;
        blackUntil = System.nanoTime();
        redirected = 0;
    }

    /** Returns how often something was done at a COMMIT. */
    public Map<AtCommit, Integer> done() {
        synchronized (done) {
            return new TreeMap<>(done);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                try {
                    Link link = new Link(
                            client,
                            new Socket(
                                    InetAddress.getLoopbackAddress(),
                                    (redirected == 0 ? target.getAsInt() : redirected)));
                    links.add(link);
                    daemon(link::toServer);
                    daemon(link::toClient);
                } catch (IOException e) {
                    client.close();
                }
            } catch (IOException e) {
                // Closed, or the server is away: the service sees its connection end.
            }
        }
    }

    private AtCommit draw() {
        synchronized (done) {
            AtCommit drawn = killAt;
            killAt = null;
            if (drawn == null && share > 0 && random.nextDouble() < share) {
                drawn = atCommit;
            }
            return drawn;
        }
    }

    private void pass(OutputStream out, byte[] bytes, int from, int to) throws IOException, InterruptedException {
        while (blackUntil - System.nanoTime() > 0) {
            Thread.sleep(20);
        }
        if (latencyMillis > 0) {
            Thread.sleep(latencyMillis);
        }
        int trickle = trickleBytes;
        for (int at = from; at < to; ) {
            int count = trickle == 0 ? to - at : Math.min(trickle, to - at);
            out.write(bytes, at, count);
            out.flush();
            at += count;
            if (trickle > 0) {
                Thread.sleep(1);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands on what has come in; false ends the connection. */
    private interface Step {
        boolean pass(byte[] bytes, int count, OutputStream out) throws IOException, InterruptedException;
    }

    /** One connection, in both directions. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private final Frames frames = new Frames();
        private volatile AtCommit answer;
        private volatile long answerMillis;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void toServer() {
            pump(client, server, (bytes, count, out) -> {
                int commit = frames.commit(bytes, count);
                AtCommit what = commit < 0 ? null : draw();
                if (what == AtCommit.CUT_BEFORE || what == AtCommit.HOLD_BEFORE || what == AtCommit.KILL_BEFORE) {
                    pass(out, bytes, 0, commit);
                    if (what == AtCommit.KILL_BEFORE) {
                        kill(what);
                        return false;
                    }
                    count(what);
                    if (what == AtCommit.HOLD_BEFORE) {
                        Thread.sleep(holdMillis);
                    }
                    return false;
                }
                answerMillis = holdMillis;
                answer = what;
                pass(out, bytes, 0, count);
                return true;
            });
        }

        void toClient() {
            pump(server, client, (bytes, count, out) -> {
                AtCommit what = answer;
                answer = null;
                if (what == AtCommit.KILL_AFTER) {
                    kill(what);
                    return false;
                }
                if (what != null) {
                    count(what);
                }
                if (what == AtCommit.CUT_AFTER) {
                    return false;
                }
                if (what == AtCommit.HOLD_ANSWER) {
                    Thread.sleep(answerMillis);
                }
                pass(out, bytes, 0, count);
                return true;
            });
        }

        private void pump(Socket from, Socket to, Step step) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int read = in.read(buffer);
                while (read >= 0 && step.pass(buffer, read, out)) {
                    read = in.read(buffer);
                }
            } catch (IOException e) {
                // One side is gone; closing both tells the other.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        }

        void close() {
            links.remove(this);
            try (client;
                    server) {
                // Both ends.
            } catch (IOException e) {
                // Nothing is left to be told.
            }
        }
    }
}
