package dev.sluice.scenario;

import java.io.IOException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Writes single records as fast as they are acknowledged, and stops at the first thing that goes wrong. */
final class TlsWriter extends Thread {

    private final LongConsumer request;
    private final String partition;
    private volatile boolean stopped;
    private volatile String failure = "";
    private volatile long written;

    private TlsWriter(String partition, LongConsumer request) {
        super("writer " + partition);
        this.partition = partition;
        this.request = request;
    }

    static TlsWriter keepingAlive(Client client, String partition) {
        return new TlsWriter(
                partition,
                offset -> client.batch("rows", partition, offset, "1").isWritten("committed"));
    }

    static TlsWriter connecting(Supplier<SSLContext> tls, int port, String partition) {
        return new TlsWriter(partition, offset -> {
            String body = Client.dense(offset, "1");
            try (RawConnection connection = RawConnection.over(tls.get(), port)) {
                String answer = connection
                        .send("POST " + Client.partition("rows", partition) + " HTTP/1.1\r\nHost: localhost\r\n"
                                + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .answer();
                if (!answer.startsWith("HTTP/1.1 200") || !answer.contains("\"committed\"")) {
                    throw new IllegalStateException(answer);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void run() {
        try {
            for (long offset = 0; !stopped; offset++) {
                request.accept(offset);
                written = offset + 1;
            }
        } catch (RuntimeException | AssertionError e) {
            failure = "offset " + written + ": " + e;
        }
    }

    void stopWriting() throws InterruptedException {
        stopped = true;
        join();
    }

    String failure() {
        return failure;
    }

    long written() {
        return written;
    }

    String partition() {
        return partition;
    }
}
