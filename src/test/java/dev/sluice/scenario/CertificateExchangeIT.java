package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.CertificateAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Certificates are exchanged while writers go on, and only for such that fit. */
@ExtendWith(OutputCaptureExtension.class)
class CertificateExchangeIT {

    private static final Logger log = LoggerFactory.getLogger(CertificateExchangeIT.class);
    private static final int EXCHANGES = Integer.getInteger("sluice.test.exchanges", 50);

    private final CertificateAuthority authority = new CertificateAuthority("test");
    private final SSLContext tls = authority.client();

    @TempDir
    private Path directory;

    private PemFiles files;
    private Issued first;
    private InProcess service;
    private int port;

    @BeforeEach
    void start() throws IOException {
        // As Kubernetes mounts a Secret: each file is a link through ..data to a directory that is never changed.
        first = authority.server();
        mount("..first", first);
        files = new PemFiles(directory);
        Files.createSymbolicLink(files.certificate(), Path.of("..data", "tls.crt"));
        Files.createSymbolicLink(files.key(), Path.of("..data", "tls.key"));
        service = InProcess.start(
                "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                "spring.ssl.bundle.pem.web.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=20ms",
                "server.ssl.bundle=web",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3");
        port = Integer.parseInt(service.property("local.server.port"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /* A new directory, and the link to it replaced in one step. */
    private void mount(String name, Issued issued) throws IOException {
        new PemFiles(Files.createDirectory(directory.resolve(name))).write(issued);
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(name));
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    /* From here on they are files of their own. */
    private void unmount() throws IOException {
        Files.delete(files.certificate());
        Files.delete(files.key());
        files.write(first);
    }

    private String served() {
        try (SSLSocket socket =
                (SSLSocket) authority.client().getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSerialNumber().toString(16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitServed(Issued issued) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> served().equals(issued.serial()));
    }

    /* What is there does not fit: that is said once, and what was served before stays. */
    private void awaitRefused(CapturedOutput output, String reason) {
        await().untilAsserted(() ->
                assertThat(output.getOut()).contains("The certificates of the bundle web stay as they were"));
        assertThat(output.getOut()).contains(reason);
        assertThat(served()).isEqualTo(first.serial());
    }

    @Test
    void failsNoRequest() throws IOException, InterruptedException {
        List<TlsWriter> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            // Half of them have a new connection for each request, half of these without what the last one knows.
            writers.add(
                    i < 2
                            ? TlsWriter.keepingAlive(Client.over(tls, port), "" + i)
                            : TlsWriter.connecting(i == 2 ? () -> tls : authority::client, port, "" + i));
        }
        writers.forEach(Thread::start);
        long begin = System.nanoTime();
        for (int i = 0; i < EXCHANGES; i++) {
            Issued next = authority.server();
            if (i % 2 == 0) {
                mount("..exchange" + i, next);
            } else {
                // Through the links, into the files: certificate first, then key.
                files.write(next);
            }
            awaitServed(next);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        for (TlsWriter writer : writers) {
            writer.stopWriting();
            assertThat(writer.failure()).isEmpty();
            assertThat(writer.written()).isPositive();
            Client.over(tls, port).snapshot("rows", writer.partition()).has("nextOffset", writer.written());
        }
        log.info(
                "{} exchanges in {} ms; batches on connections kept alive {} and {}, on new ones {} and {}",
                EXCHANGES,
                millis,
                writers.get(0).written(),
                writers.get(1).written(),
                writers.get(2).written(),
                writers.get(3).written());
    }

    @Test
    void waitsForTheKeyOfANewCertificate(CapturedOutput output) throws IOException {
        unmount();
        Issued next = authority.server();
        PemFiles.write(files.certificate(), next.pem());
        awaitRefused(output, "Private key in keystore matches none of the certificates in the chain");
        PemFiles.write(files.key(), next.keyPem());
        awaitServed(next);
        assertThat(output.getOut())
                .contains(
                        "The certificates of the bundle web were exchanged: CN=sluice, serial number " + next.serial());
    }

    @Test
    void waitsForTheCertificateOfANewKey(CapturedOutput output) throws IOException {
        unmount();
        Issued next = authority.server();
        PemFiles.write(files.key(), next.keyPem());
        awaitRefused(output, "Private key in keystore matches none");
        PemFiles.write(files.certificate(), next.pem());
        awaitServed(next);
    }

    @Test
    void waitsForTheRestOfAFile(CapturedOutput output) throws IOException {
        unmount();
        Issued next = authority.server();
        PemFiles.write(files.certificate(), next.pem().substring(0, 300));
        awaitRefused(output, files.certificate().toString());
        PemFiles.write(files.key(), next.keyPem());
        PemFiles.write(files.certificate(), next.pem());
        awaitServed(next);
    }

    @Test
    void waitsForAFileThatIsGone(CapturedOutput output) throws IOException {
        unmount();
        Files.delete(files.certificate());
        awaitRefused(output, files.certificate().toString());
        Issued next = authority.server();
        files.write(next);
        awaitServed(next);
    }

    @Test
    void doesNotTakeACertificateThatIsOverOrNotYetValid(CapturedOutput output) throws IOException {
        unmount();
        Instant now = Instant.now();
        files.write(authority.issue("CN=over", Duration.ofDays(-1), "dns:localhost"));
        awaitRefused(output, "NotAfter");
        Issued soon = authority.issue("CN=soon", now.plusSeconds(4), now.plusSeconds(9_000), "dns:localhost");
        files.write(soon);
        await().untilAsserted(() -> assertThat(output.getOut()).contains("NotBefore"));
        assertThat(served()).isEqualTo(first.serial());
        awaitServed(soon);
    }
}
