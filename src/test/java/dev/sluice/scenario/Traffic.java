package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import java.nio.file.Path;

/** A service with sinks of each kind, and requests of each kind to it, so that each meter has something to show. */
final class Traffic implements AutoCloseable {

    private static final String TOKEN = "Sluice-Fencing-Token";

    private final Receiver receiver = Receiver.honouringKeys();
    private final InProcess service;

    Traffic(Path directory) {
        PemFiles certificate = new PemFiles(directory).write(new CertificateAuthority("traffic").server());
        service = InProcess.start(
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2",
                "sluice.sinks.keyed.type=table",
                "sluice.sinks.keyed.partitions=k0,k1",
                "sluice.sinks.archive.type=file",
                "sluice.sinks.archive.partitions=0",
                "sluice.sinks.archive.directory=" + directory.resolve("archive"),
                "sluice.sinks.crew.type=file",
                "sluice.sinks.crew.workers=1",
                "sluice.sinks.crew.directory=" + directory.resolve("crew"),
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.partitions=0",
                "sluice.sinks.hook.url=" + receiver.url("/hook"),
                "sluice.sinks.hook.max-attempts=2",
                "sluice.sinks.hook.backoff=1ms",
                "sluice.sinks.late.type=table",
                "sluice.sinks.late.partitions=0",
                "sluice.sinks.waits.type=batching",
                "sluice.sinks.waits.target=late",
                "sluice.sinks.waits.flush-interval=1h",
                "sluice.sinks.outward.type=http",
                "sluice.sinks.outward.partitions=0",
                "sluice.sinks.outward.url=" + receiver.url("/outward"),
                "sluice.sinks.quick.type=batching",
                "sluice.sinks.quick.target=outward",
                "sluice.sinks.quick.batch-size=1",
                "sluice.sinks.first.type=table",
                "sluice.sinks.first.partitions=0",
                "sluice.sinks.second.type=table",
                "sluice.sinks.second.partitions=0",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=first,second",
                // Its end is measured, whether or not anybody connects by it.
                "spring.ssl.bundle.pem.web.keystore.certificate=" + certificate.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + certificate.key());
    }

    InProcess service() {
        return service;
    }

    Client client() {
        return service.client();
    }

    Receiver receiver() {
        return receiver;
    }

    /** Sends what each test counts. */
    void send() {
        decided();
        fenced();
        client().post(
                        "/sinks/keyed/records?offset=0",
                        NDJSON,
                        "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":2}\n")
                .isWritten("committed");
        client().batch("archive", "0", 0, "1").isWritten("committed");
        client().post(partition("crew", "0"), NDJSON, "1\n2\n").isWritten("written");
        receiver.answers(Reply.of(503), Reply.ok());
        client().batch("hook", "0", 0, "1").isWritten("committed");
        client().batch("waits", "0", 0, "1,2,3").isWritten("committed");
        client().post(partition("quick", "0") + "?ack=delivered", JSON, Client.dense(0, "1"))
                .isWritten("committed");
        client().batch("both", "0", 0, "1").isWritten("committed");
    }

    private void decided() {
        client().batch("rows", "0", 0, "1,2").isWritten("committed");
        client().batch("rows", "0", 0, "1,2").isWritten("duplicate");
        client().batch("rows", "0", 1, "2,3").isWritten("trimmed");
        client().post(partition("rows", "0") + "?dryRun=true", JSON, Client.dense(3, "4"))
                .isWritten("committed");
        client().batch("rows", "0", 0, "7,8").isProblem(422, "offset-conflict");
        client().batch("rows", "0", 9, "1").isProblem(409, "offset-gap");
        client().batch("rows", "0", 3, "\"\\u0000\"").isProblem(422, "record-rejected");
        client().post(partition("rows", "0"), JSON, "{").isProblem(400, "malformed-batch");
        client().batch("nowhere", "0", 0, "1").isProblem(404, "unknown-sink");
        client().get("/sinks/rows/partitions?nonsense=1").isProblem(400, "malformed-request");
    }

    private void fenced() {
        assertThat(client().open("rows", "1", "{\"owner\":\"a\"}").number("fencingToken"))
                .isEqualTo(1);
        assertThat(client().open("rows", "1", "{\"owner\":\"b\"}").number("fencingToken"))
                .isEqualTo(2);
        client().batch("rows", "1", 0, "1", TOKEN, "2").isWritten("committed");
        client().batch("rows", "1", 1, "1", TOKEN, "1").isProblem(412, "fenced");
        client().batch("rows", "1", 1, "1", TOKEN, "99").isProblem(412, "unknown-fencing-token");
        client().batch("rows", "1", 1, "1").isProblem(428, "fencing-token-required");
    }

    @Override
    public void close() {
        receiver.release();
        service.close();
        receiver.close();
    }
}
