package dev.sluice.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One keep-alive connection and the request that is under way on it. Used by the selector's thread only. */
final class Connection {

    /** Bodies up to here are sent in one piece with the head. */
    private static final int SMALL = 4_096;

    private final int index;
    private final Selector selector;
    private final InetSocketAddress address;
    private final Requests requests;
    private final Response response;
    private final ByteBuffer head = ByteBuffer.allocateDirect(SMALL + 1_024);
    private final ByteBuffer[] out = {head, head};
    private SocketChannel channel;
    private SelectionKey key;
    private PartitionCursor partition;
    private ByteBuffer body;
    private long offset;
    private long startedAt;
    private long sentAt;
    private int attempts;
    private boolean underWay;

    Connection(int index, Selector selector, InetSocketAddress address, Requests requests) throws IOException {
        this.index = index;
        this.selector = selector;
        this.address = address;
        this.requests = requests;
        response = new Response(requests.largestAnswer());
        connect();
    }

    int index() {
        return index;
    }

    PartitionCursor partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** When the request should have been sent, by {@link System#nanoTime}. */
    long startedAt() {
        return startedAt;
    }

    /** When it was last sent, by {@link System#nanoTime}. */
    long sentAt() {
        return sentAt;
    }

    int attempts() {
        return attempts;
    }

    Response response() {
        return response;
    }

    void start(PartitionCursor partition, long offset, ByteBuffer body, long startedAt) throws IOException {
        this.partition = partition;
        this.offset = offset;
        this.body = body;
        this.startedAt = startedAt;
        attempts = 0;
        send();
    }

    /** Sends the request, for the first time or again. */
    void send() throws IOException {
        attempts++;
        if (!channel.isOpen()) {
            connect();
        }
        sentAt = System.nanoTime();
        underWay = true;
        response.reset();
        ByteBuffer content = body.duplicate();
        requests.head(head.clear(), partition.name(), offset, content.remaining());
        if (content.remaining() <= SMALL) {
            head.put(content);
        }
        head.flip();
        out[1] = content;
        write();
    }

    /** Writes what is left of the request. */
    void write() throws IOException {
        if (out[1].hasRemaining()) {
            channel.write(out);
        } else {
            channel.write(head);
        }
        boolean done = !head.hasRemaining() && !out[1].hasRemaining();
        int interest = done ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /**
     * Reads what has come; true when the answer is complete. A service may close a connection that nobody has used for a
     * while; the next request opens it anew.
     */
    boolean read() throws IOException {
        if (!response.buffer().hasRemaining()) {
            throw new LoadFailure("an answer that is longer than expected: " + response);
        }
        int read = channel.read(response.buffer());
        if (read < 0 && !underWay) {
            close();
            return false;
        }
        if (read < 0) {
            throw new LoadFailure("the service closed a connection with a request under way");
        }
        boolean complete = read > 0 && response.complete();
        if (complete) {
            underWay = false;
        }
        return complete;
    }

    /** Closes it; the next request opens it anew. */
    void close() throws IOException {
        channel.close();
    }

    private void connect() throws IOException {
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }
}
