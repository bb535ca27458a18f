package dev.sluice.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorStatus;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to all targets: HTTP/1.1, kept open for {@value #IDLE_SECONDS} idle seconds, with a few threads for
 * all of them. Follows no redirect, repeats no request, keeps no cookie, unpacks no body. Its monitor
 * guards the client.
 */
final class Connections implements Timer, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    private static final int IDLE_SECONDS = 30;
    private static final int LOOK_UP_SECONDS = 1;
    /* What is sent at once is bounded by what is admitted; nobody shall wait here for a slow target of somebody else. */
    private static final int MOST = 65_536;

    private final @Nullable ConfinedResolver names;
    private @Nullable CloseableHttpAsyncClient client;
    private volatile boolean closed;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, new DefaultThreadFactory("http-sinks-timer", true), new ThreadPoolExecutor.DiscardPolicy());
    /* Has as many threads as there are calls that block: usually none. */
    private final ExecutorService blocking =
            Executors.newCachedThreadPool(new DefaultThreadFactory("http-sinks-blocking", true));

    Connections() {
        this(null);
    }

    /** Makes some that are confined to the addresses that a resolver gives; null for any. */
    Connections(@Nullable ConfinedResolver names) {
        this.names = names;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs the action after a time, but never once this is closed. */
    @Override
    public Future<?> after(Duration time, Runnable action) {
        return timer.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns what runs calls that block. */
    Executor blocking() {
        return blocking;
    }

    /**
     * Returns why there would be no connection to a host, empty if there might be; waits for a second at most until it is
     * known where its name leads.
     */
    Optional<String> refusal(String host) {
        ConfinedResolver confined = names;
        if (confined == null) {
            return Optional.empty();
        }
        try {
            return CompletableFuture.supplyAsync(() -> confined.refusal(host), blocking)
                    .get(LOOK_UP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty(); // it is looked at with each connection again
        }
    }

    /** Returns the client; its threads start with the first call, and again if they have died. */
    synchronized CloseableHttpAsyncClient client() {
        if (client == null || client.getStatus() != IOReactorStatus.ACTIVE) {
            client = build();
            client.start();
        }
        return client;
    }

    private CloseableHttpAsyncClient build() {
        return HttpAsyncClients.custom()
                .setRoutePlanner(new SystemDefaultRoutePlanner(null))
                .setConnectionManager(new ConnectionsBuilder(blocking)
                        .setDnsResolver(names == null ? SystemDefaultDnsResolver.INSTANCE : names)
                        .setTlsStrategy(DefaultClientTlsStrategy.createSystemDefault())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setSocketTimeout(Timeout.DISABLED)
                                .build())
                        .setMaxConnTotal(MOST)
                        .setMaxConnPerRoute(MOST)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionKeepAlive(TimeValue.ofSeconds(IDLE_SECONDS))
                        .setConnectionRequestTimeout(Timeout.DISABLED)
                        .setResponseTimeout(Timeout.DISABLED)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .evictIdleConnections(TimeValue.ofSeconds(IDLE_SECONDS))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .disableRequestPriority()
                .addRequestInterceptorLast((request, entity, context) -> request.removeHeaders(HttpHeaders.CONNECTION))
                .addExecInterceptorBefore(
                        ChainElement.MAIN_TRANSPORT.name(), "begin", (request, body, scope, chain, callback) -> {
                            RequestSender.begin(scope.clientContext);
                            chain.proceed(request, body, scope, callback);
                        })
                .setIoReactorExceptionCallback(this::unexpected)
                .setThreadFactory(new DefaultThreadFactory("http-sinks", true))
                .build();
    }

    private void unexpected(Exception e) {
        if (closed) {
            log.debug("The connections are being closed", e);
        } else {
            log.error("The connections to HTTP targets are in trouble", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close(CloseMode.IMMEDIATE);
        }
        timer.shutdownNow();
        blocking.shutdownNow();
    }
}
