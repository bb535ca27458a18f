package dev.sluice.http;

import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.nio.AsyncClientConnectionOperator;
import org.apache.hc.client5.http.nio.ManagedAsyncClientConnection;
import org.apache.hc.core5.concurrent.ComplexFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection only when the JDK knows the host's addresses, for its resolver blocks: one thread for each host
 * that is being looked up, and none for those who wait for it.
 */
record NameFirst(
        AsyncClientConnectionOperator operator,
        DnsResolver names,
        Executor blocking,
        Map<String, CompletableFuture<Void>> lookups)
        implements AsyncClientConnectionOperator {

    NameFirst(AsyncClientConnectionOperator operator, DnsResolver names, Executor blocking) {
        this(operator, names, blocking, new ConcurrentHashMap<>());
    }

    @Override
    public Future<ManagedAsyncClientConnection> connect(
            ConnectionInitiator initiator,
            HttpHost host,
            @Nullable SocketAddress local,
            Timeout timeout,
            @Nullable Object attachment,
            FutureCallback<ManagedAsyncClientConnection> callback) {
        return connect(initiator, host, null, local, timeout, attachment, null, callback);
    }

    @Override
    public Future<ManagedAsyncClientConnection> connect(
            ConnectionInitiator initiator,
            HttpHost host,
            @Nullable NamedEndpoint endpoint,
            @Nullable SocketAddress local,
            Timeout timeout,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            FutureCallback<ManagedAsyncClientConnection> callback) {
        return connect(initiator, host, null, endpoint, local, timeout, attachment, context, callback);
    }

    @Override
    public Future<ManagedAsyncClientConnection> connect(
            ConnectionInitiator initiator,
            HttpHost host,
            @Nullable Path socket,
            @Nullable NamedEndpoint endpoint,
            @Nullable SocketAddress local,
            Timeout timeout,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            FutureCallback<ManagedAsyncClientConnection> callback) {
        ComplexFuture<ManagedAsyncClientConnection> connection = new ComplexFuture<>(callback);
        lookUp(host.getHostName())
                .thenRun(() -> connection.setDependency(operator.connect(
                        initiator, host, socket, endpoint, local, timeout, attachment, context, handTo(connection))))
                .exceptionally(failure -> {
                    connection.failed(
                            failure.getCause() instanceof Exception e ? e : new IllegalStateException(failure));
                    return null;
                });
        return connection;
    }

    private CompletableFuture<Void> lookUp(String host) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> others = lookups.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        try {
            blocking.execute(() -> {
                try {
                    names.resolve(host);
                } catch (UnknownHostException | RuntimeException e) {
                    // the operator, which asks the JDK's cache, tells it
                }
                lookups.remove(host, mine);
                mine.complete(null);
            });
        } catch (RuntimeException | Error e) {
            lookups.remove(host, mine);
            mine.completeExceptionally(e);
        }
        return mine;
    }

    private static FutureCallback<ManagedAsyncClientConnection> handTo(
            ComplexFuture<ManagedAsyncClientConnection> future) {
        return new FutureCallback<>() {
            @Override
            public void completed(ManagedAsyncClientConnection connection) {
                if (!future.completed(connection)) {
                    connection.close(CloseMode.IMMEDIATE); // nobody waits for it any more
                }
            }

            @Override
            public void failed(Exception e) {
                future.failed(e);
            }

            @Override
            public void cancelled() {
                future.cancel();
            }
        };
    }

    @Override
    public void upgrade(ManagedAsyncClientConnection connection, HttpHost host, @Nullable Object attachment) {
        operator.upgrade(connection, host, attachment);
    }

    @Override
    public void upgrade(
            ManagedAsyncClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint endpoint,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            FutureCallback<ManagedAsyncClientConnection> callback) {
        operator.upgrade(connection, host, endpoint, attachment, context, callback);
    }
}
