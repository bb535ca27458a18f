package dev.sluice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemErrorValveTests {

    /** Is paused as soon as the request line is read: a moment that a shutdown meets now and then. */
    private static final class PausedAfterTheRequestLine extends Http11NioProtocol {

        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public boolean isPaused() {
            return asked.getAndIncrement() > 0;
        }
    }

    @TempDir
    Path directory;

    private final Tomcat tomcat = new Tomcat();

    @AfterEach
    void stop() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    private String answer(Http11NioProtocol protocol, String request) throws IOException, LifecycleException {
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector(protocol);
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        ((StandardHost) tomcat.getHost()).setErrorReportValveClass(ProblemErrorValve.class.getName());
        tomcat.addContext("", directory.toString());
        tomcat.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void sendsAWriterToAnotherReplicaWhileThisOneShutsDown() throws IOException, LifecycleException {
        String answer = answer(
                new PausedAfterTheRequestLine(),
                "POST /sinks/rows/partitions/0?offset=0 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1\n");

        assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nRetry-After: 1\r\n");
        assertThat(answer).contains("/problems/overloaded", "\"retryable\":true", "shuts down", "nothing was written");
    }

    @Test
    void tellsWhatIsWrongWithARequestThatTomcatRefuses() throws IOException, LifecycleException {
        String answer = answer(new Http11NioProtocol(), "GET / HTTP/1.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContainIgnoringCase("\r\nRetry-After:");
        assertThat(answer).contains("/problems/malformed-request", "\"retryable\":false", "headers");
    }
}
