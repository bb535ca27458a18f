package dev.sluice.bench.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * An HTTP API on the JDK's own server that does nothing but count the lines of what it gets and answer 200. {@code GET
 * /count} tells how many there were; what comes for a path that ends in {@code /hang} is never answered.
 */
public final class Receiver {

    private static final int BACKLOG = 1_024;
    private static final int THREADS = 4;
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[1 << 16]);

    private final LongAdder lines = new LongAdder();

    private Receiver() {}

    public static void main(String... given) throws IOException {
        Arguments arguments = new Arguments(given);
        int port = arguments.integer("port", 8090);
        arguments.refuseOthers();
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // Connections are not closed while another side is measured.
        System.setProperty("sun.net.httpserver.idleInterval", "3600");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", new Receiver()::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/count")) {
            byte[] count = Long.toString(lines.sum()).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, count.length);
            exchange.getResponseBody().write(count);
            exchange.close();
            return;
        }
        long found = linesOf(exchange);
        if (!path.endsWith("/hang")) {
            lines.add(found);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        }
    }

    private static long linesOf(HttpExchange exchange) throws IOException {
        byte[] buffer = BUFFER.get();
        long found = 0;
        try (InputStream in = exchange.getRequestBody()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    found += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return found;
    }
}
