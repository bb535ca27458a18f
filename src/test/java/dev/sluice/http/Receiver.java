package dev.sluice.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * An HTTP/1.1 server on this machine that behaves as badly as it is told to, and keeps what it was sent. One that
 * honours keys lets each Idempotency-Key take effect once and repeats its first answer; one that does not lets every
 * request take effect. Its monitor guards all collections.
 */
public final class Receiver implements AutoCloseable {

    /** A request as it arrived. */
    public record Request(String method, String target, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final ServerSocket server;
    private final boolean honoursKeys;
    private final Deque<Reply> script = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<Request> effects = new ArrayList<>();
    private final Map<String, Reply> answered = new HashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sentBytes = new AtomicLong();
    private Function<Request, Reply> otherwise = request -> Reply.ok();
    private int repeated;

    private Receiver(boolean honoursKeys, int port) {
        this.honoursKeys = honoursKeys;
        try {
            server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public static Receiver honouringKeys() {
        return new Receiver(true, 0);
    }

    /** Starts another one where one was closed; it knows nothing of what that one was sent. */
    public Receiver replacement() {
        return new Receiver(honoursKeys, server.getLocalPort());
    }

    public static Receiver ignoringKeys() {
        return new Receiver(false, 0);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    /** Answers the next requests like this, in order, and those after them as before. */
    public synchronized Receiver answers(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    /** Answers like this whatever is not told by {@link #answers}. */
    public synchronized Receiver answersAlways(Reply reply) {
        return answersBy(request -> reply);
    }

    /** Answers whatever is not told by {@link #answers} by what was asked; that its body was read is sure. */
    public synchronized Receiver answersBy(Function<Request, Reply> rule) {
        otherwise = rule;
        return this;
    }

    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the bodies of the requests that took effect. */
    public synchronized List<String> effects() {
        return effects.stream().map(Request::body).toList();
    }

    /** Returns how many requests took effect, or would have, whose key had taken effect before. */
    public synchronized int repeated() {
        return repeated;
    }

    public int connections() {
        return connections.get();
    }

    /** Returns how many bytes of endless answers left this receiver. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** Lets late and stalled answers go on. */
    public void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
        try {
            server.close();
            List<Socket> open;
            synchronized (this) {
                open = List.copyOf(sockets);
            }
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "receiver");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                synchronized (this) {
                    sockets.add(socket);
                }
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean open = true;
            while (open) {
                open = serveOne(socket, in);
            }
        } catch (IOException e) {
            // The other side is gone, which is its good right.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean serveOne(Socket socket, InputStream in) throws IOException, InterruptedException {
        String[] start = line(in).split(" ", 3);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("not a header: " + line);
            }
            headers.merge(line.substring(0, colon), line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
        }
        Reply told;
        Function<Request, Reply> rule;
        synchronized (this) {
            told = script.poll();
            rule = otherwise;
        }
        boolean early =
                told != null && (told.manner() == Reply.Manner.RESET_EARLY || told.manner() == Reply.Manner.EARLY);
        int length = early ? 0 : Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        Request request = new Request(
                start[0],
                start[1],
                Collections.unmodifiableMap(headers),
                new String(in.readNBytes(length), StandardCharsets.UTF_8));
        Reply reply = told == null ? rule.apply(request) : told;
        return new ReplyWriter(socket, released, sentBytes).write(take(request, reply));
    }

    private synchronized Reply take(Request request, Reply reply) {
        requests.add(request);
        if (!reply.processes()) {
            return reply;
        }
        Reply first = answered.putIfAbsent(request.header("Idempotency-Key"), reply);
        repeated += first == null ? 0 : 1;
        if (first != null && honoursKeys) {
            return first.sent(reply.manner());
        }
        effects.add(request);
        return reply;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Sends one answer. */
    private record ReplyWriter(Socket socket, CountDownLatch released, AtomicLong sentBytes) {

        /** Returns whether the connection stays open. */
        boolean write(Reply reply) throws IOException, InterruptedException {
            OutputStream out = socket.getOutputStream();
            byte[] body = reply.bytes();
            switch (reply.manner()) {
                case RESET, RESET_EARLY -> socket.setSoLinger(true, 0);
                case LATE -> {
                    released.await();
                    whole(out, reply, body);
                }
                case PLAIN -> whole(out, reply, body);
                case RAW, RAW_CLOSED -> out.write(body);
                case EARLY -> {
                    whole(out, reply, body);
                    socket.shutdownOutput();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                case CHUNKED -> {
                    head(out, reply, "Transfer-Encoding: chunked");
                    for (byte b : body) {
                        out.write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
                    }
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
                case CUT, STALLED -> {
                    head(out, reply, "Content-Length: " + (body.length + 10));
                    out.write(body);
                    if (reply.manner() == Reply.Manner.STALLED) {
                        released.await();
                    }
                }
                case ENDLESS -> {
                    head(out, reply, "Content-Length: " + Long.MAX_VALUE);
                    byte[] block = "x".repeat(8192).getBytes(StandardCharsets.ISO_8859_1);
                    while (released.getCount() > 0) {
                        out.write(block);
                        sentBytes.addAndGet(block.length);
                    }
                }
            }
            return switch (reply.manner()) {
                case PLAIN, CHUNKED, LATE, RAW -> true;
                default -> false;
            };
        }

        private static void whole(OutputStream out, Reply reply, byte[] body) throws IOException {
            if (reply.status() == 204) {
                head(out, reply, "X-Nothing: here");
            } else {
                head(out, reply, "Content-Length: " + body.length);
                out.write(body);
            }
        }

        private static void head(OutputStream out, Reply reply, String last) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " As told\r\n");
            reply.headers().forEach(header -> head.append(header).append("\r\n"));
            out.write(head.append(last).append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
