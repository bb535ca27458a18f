package dev.sluice.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Sends one request, unless it was given up before its first byte; knows which of the two happened. Thread-safe. */
final class RequestSender implements AsyncRequestProducer {

    private static final String IN_CONTEXT = RequestSender.class.getName();

    private final HttpRequest request;
    private final ByteBuffer body;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

    private enum Fate {
        OPEN,
        /** The connection is there, and the request goes out. */
        BEGUN,
        /** It never will. */
        NEVER
    }

    /** The content type is among the request's headers. */
    RequestSender(HttpRequest request, ByteBuffer body) {
        this.request = request;
        this.body = body.duplicate();
    }

    /** Returns a context that leads back to this. */
    HttpClientContext context() {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(IN_CONTEXT, this);
        return context;
    }

    /** Called when the connection is there, right before the first byte. */
    static void begin(HttpContext context) throws NotSentException {
        if (context.getAttribute(IN_CONTEXT) instanceof RequestSender sender
                && !sender.fate.compareAndSet(Fate.OPEN, Fate.BEGUN)) {
            throw new NotSentException("given up before it was sent", null);
        }
    }

    /** Whether the first byte may have been sent. */
    boolean begun() {
        return fate.get() == Fate.BEGUN;
    }

    /** Sees to it that no byte is sent from now on; returns false if some may have been. */
    boolean giveUp() {
        return fate.compareAndSet(Fate.OPEN, Fate.NEVER) || fate.get() == Fate.NEVER;
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        channel.sendRequest(request, new BasicEntityDetails(body.remaining(), null), context);
    }

    @Override
    public int available() {
        return body.remaining();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        channel.write(body);
        if (!body.hasRemaining()) {
            channel.endStream();
        }
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void failed(Exception cause) {
        giveUp();
    }

    @Override
    public void releaseResources() {
        giveUp();
    }
}
