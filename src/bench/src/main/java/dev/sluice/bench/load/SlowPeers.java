package dev.sluice.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Connections over which a byte a second goes: half of them send a batch, half of them read an answer. */
final class SlowPeers implements AutoCloseable {

    private static final int SECOND = 1_000;
    private static final String SENDER = "POST /sinks/slow/partitions/%d?offset=0 HTTP/1.1\r\nHost: %s\r\n"
            + "Content-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n";
    private static final String READER = "GET /sinks/slow/partitions HTTP/1.1\r\nHost: %2$s\r\n\r\n";

    private final URI url;
    private final SocketChannel[] channels;
    private volatile long connected;

    SlowPeers(URI url, int ofEach) throws IOException {
        this.url = url;
        channels = new SocketChannel[2 * ofEach];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = connect(i);
        }
    }

    long connected() {
        return connected;
    }

    /** Lets each of them send or read one byte, spread over a second. */
    void run() throws InterruptedException {
        for (int i = 0; i < channels.length; i++) {
            if (i % 20 == 0) {
                Thread.sleep(SECOND * 20L / channels.length);
            }
            try {
                if (!(sends(i) ? sent(channels[i]) : read(channels[i]))) {
                    channels[i].close();
                    channels[i] = connect(i);
                }
            } catch (IOException e) {
                // The service has hung up; it is connected again a second later.
                again(i);
            }
        }
    }

    private void again(int i) {
        try {
            channels[i].close();
            channels[i] = connect(i);
        } catch (IOException e) {
            // Not now; the closed channel fails again in the next second.
        }
    }

    private boolean sends(int index) {
        return index % 2 == 0;
    }

    /** Sends a byte, unless there is an answer already. */
    private static boolean sent(SocketChannel channel) throws IOException {
        if (channel.read(ByteBuffer.allocate(1)) != 0) {
            return false;
        }
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        return true;
    }

    private static boolean read(SocketChannel channel) throws IOException {
        return channel.read(ByteBuffer.allocate(1)) >= 0;
    }

    private SocketChannel connect(int index) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 2_048);
        channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        String head = (sends(index) ? SENDER : READER).formatted(index % 4, url.getAuthority());
        channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        connected++;
        return channel;
    }

    @Override
    public void close() {
        for (SocketChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is closed, whatever was left in it.
            }
        }
    }
}
