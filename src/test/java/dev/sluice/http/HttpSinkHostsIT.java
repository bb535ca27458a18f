package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets by every name that a network has for them; those that no resolver here knows, through a proxy. */
class HttpSinkHostsIT {

    private final Receiver receiver = Receiver.ignoringKeys();
    private final ProxySelector before = ProxySelector.getDefault();

    @AfterEach
    void close() {
        ProxySelector.setDefault(before);
        receiver.close();
    }

    private void behindAProxy() {
        int port = URI.create(receiver.url("/")).getPort();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(
                        new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my_host",
                "my_host:8080",
                "project_web_1:80",
                "_srv.example.com",
                "web.my_project_default:8080",
                "node.1:9000",
                "7",
                "app-",
                "UPPER_case"
            })
    void namesTheHostAsTheDefinitionDoes(String host) {
        behindAProxy();
        new Sending("url=http://" + host + "/in?a=b", "max-attempts=1").sendOne();
        assertThat(receiver.requests()).hasSize(1);
        assertThat(receiver.requests().get(0).header("Host")).isEqualToIgnoringCase(host.replaceFirst(":80$", ":80"));
        assertThat(receiver.requests().get(0).target()).isEqualToIgnoringCase("http://" + host + "/in?a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.1"})
    void connectsToIt(String host) {
        new Sending("url=" + receiver.url("/in").replace("127.0.0.1", host), "max-attempts=1").sendOne();
        assertThat(receiver.requests().get(0).target()).isEqualTo("/in");
    }

    @Test
    void asksTheResolverForANameWithAnUnderscore() {
        assertThat(new Sending("url=http://no_such_host.invalid/", "max-attempts=1").failToSendOne())
                .hasMessageContaining("http://no_such_host.invalid/")
                .hasMessageContaining("host name is not known");
    }

    @Test
    void knowsAnAddressOfVersionSix() {
        behindAProxy();
        new Sending("url=http://[::1]:8080/in", "max-attempts=1").sendOne();
        assertThat(receiver.requests().get(0).header("Host")).isEqualTo("[::1]:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http:///in", "http://:80/in", "http://my_host:0/", "http://my_host:70000/", "http://a b/"})
    void refusesWhatNamesNoHost(String url) {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> Sending.bind("url=" + url))
                .withStackTraceContaining("url: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 407, 500, 502, 504})
    void knowsThatNothingWasSentWhereTheProxyDoesNotConnect(int status) {
        behindAProxy();
        receiver.answersAlways(Reply.of(status).body("not there"));
        SinkException failure = new Sending("url=https://my_host/in", "max-attempts=1").failToSendOne();
        assertThat(failure.disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("the proxy").hasMessageContaining(status + ": not there");
        assertThat(receiver.requests().get(0).method()).isEqualTo("CONNECT");
    }
}
