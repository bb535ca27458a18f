package dev.sluice.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An HTTP API that costs as little as possible: one thread, which takes each request with its body, throws it away and
 * answers 200. {@code GET /count} tells how many it took; what comes for a path that ends in {@code /hang} is never
 * answered.
 */
public final class Receiver {

    private static final int BACKLOG = 1_024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private long taken;

    private Receiver(int port) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String... given) throws IOException {
        Arguments arguments = new Arguments(given);
        int port = arguments.integer("port", 8090);
        arguments.refuseOthers();
        new Receiver(port).run();
    }

    private void run() throws IOException {
        while (true) {
            selector.select(this::ready);
        }
    }

    long taken() {
        return taken;
    }

    void took() {
        taken++;
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
                return;
            }
        } catch (IOException e) {
            System.err.println("receiver: a connection could not be accepted: " + e);
            return;
        }
        try {
            if (!((ReceiverConnection) key.attachment()).read()) {
                key.channel().close();
            }
        } catch (IOException e) {
            // The other end is gone; it connects again if it likes.
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new ReceiverConnection(this, channel));
        }
    }
}
