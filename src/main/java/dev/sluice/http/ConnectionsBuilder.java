package dev.sluice.http;

import java.util.concurrent.Executor;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionOperator;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;

/** Builds a pool of connections that are made without blocking the caller's thread. */
final class ConnectionsBuilder extends PoolingAsyncClientConnectionManagerBuilder {

    private final Executor blocking;

    ConnectionsBuilder(Executor blocking) {
        this.blocking = blocking;
    }

    @Override
    protected AsyncClientConnectionOperator createConnectionOperator(
            TlsStrategy tls, SchemePortResolver ports, DnsResolver names) {
        return new NameFirst(super.createConnectionOperator(tls, ports, names), names, blocking);
    }
}
