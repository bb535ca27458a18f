package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sinks that are defined over HTTP by somebody with a key call public addresses, and what is listed. */
class ConfinedCallsIT {

    private static final String PUBLIC = "93.184.216.34";
    private static final String HERE = "127.0.0.1";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Receiver receiver;
    private static InProcess service;
    private static Client client;

    private final String sink = "c" + NUMBER.incrementAndGet();

    /** A name server that may answer otherwise each time; what it does not know the system knows. */
    static final class Names implements DnsResolver {

        private static final Map<String, Deque<String>> ANSWERS = new ConcurrentHashMap<>();

        /* Each answer has its addresses with commas between; the last one stays. */
        static void answer(String host, String... inTurn) {
            ANSWERS.put(host, new ArrayDeque<>(List.of(inTurn)));
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            Deque<String> answers = ANSWERS.get(host);
            if (answers == null) {
                return SystemDefaultDnsResolver.INSTANCE.resolve(host);
            }
            String[] found;
            synchronized (answers) {
                found = (answers.size() > 1 ? answers.remove() : answers.element()).split(",", -1);
            }
            InetAddress[] addresses = new InetAddress[found.length];
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = InetAddress.getByName(found[i]);
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        receiver = Receiver.ignoringKeys();
        Path file = directory.resolve("administrator.key");
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(Names.class),
                "sluice.keys.administrator-file=" + file,
                "sluice.http.allow=listed.test,*.inside.test",
                "sluice.sinks.ours.type=http",
                "sluice.sinks.ours.partitions=0",
                "sluice.sinks.ours.url=" + receiver.url("/ours"));
        client = service.client().as(Files.readString(file).strip());
    }

    @AfterAll
    static void stop() {
        service.close();
        receiver.close();
    }

    private Answer put(String url) {
        return client.put(
                "/sinks/" + sink,
                "{\"type\":\"http\",\"partitions\":[\"0\"],\"max-attempts\":3,\"url\":\"" + url + "\"}");
    }

    private static String at(String host, String path) {
        return receiver.url(path).replace(HERE, host);
    }

    private static void isRefused(Answer answer) {
        JsonNode error = answer.isProblem(422, "invalid-definition")
                .body()
                .path("errors")
                .get(0);
        assertThat(error.path("field").stringValue()).isEqualTo("url");
        assertThat(error.path("message").stringValue()).contains("no public address", "sluice.http.allow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "127.255.255.254",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0x7f.1",
                "017700000001",
                "0",
                "0.0.0.0",
                "localhost",
                "LOCALHOST",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "2852039166",
                "0xA9FEA9FE",
                "0xa9.0xfe.0xa9.0xfe",
                "169.16689662",
                "100.64.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[::]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:169.254.169.254]",
                "[::127.0.0.1]",
                "[fe80::1]",
                "[fec0::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[ff02::1]",
                "[64:ff9b::a9fe:a9fe]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b:1::1]",
                "[2002:7f00:1::]",
                "[2001:0:7f00:1::]",
                "[2001:db8::1]"
            })
    void refusesAddressesThatAreNotPublicInAnySpelling(String host) {
        isRefused(put("http://" + host + ":8080/in"));
        isRefused(put("https://" + host + "/in/{partition}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"93.184.216.34", "[2606:2800:220:1:248:1893:25c8:1946]", "[64:ff9b::93.184.216.34]", "172.32.0.1"
            })
    void takesPublicOnes(String host) {
        assertThat(put("http://" + host + "/in").status()).isEqualTo(201);
    }

    @Test
    void refusesANameThatLeadsToNoOtherAddress() {
        Names.answer("private.test", "10.1.2.3,::1");
        Answer refused = put(at("private.test", "/in"));
        isRefused(refused);
        assertThat(refused.text("detail")).contains("'private.test' leads to 10.1.2.3");
        Names.answer("mixed.test", "10.1.2.3," + PUBLIC);
        assertThat(put(at("mixed.test", "/in")).status()).isEqualTo(201);
    }

    @Test
    void triesNothingOutOnADefinitionThatItRefuses() {
        isRefused(client.put(
                "/sinks/" + sink + "?dryRun=true",
                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + receiver.url("/in") + "\"}"));
        isRefused(client.put(
                "/sinks/" + sink, "{\"type\":\"http\",\"workers\":2,\"url\":\"" + receiver.url("/in") + "\"}"));
        client.get("/sinks/" + sink).isProblem(404, "unknown-sink");
    }

    /* Public for the look at the definition and for the one before the connection; then another answer. */
    @Test
    void connectsNowhereElseWhenTheNameServerChangesItsAnswer() {
        Names.answer("turning.test", PUBLIC, PUBLIC, HERE);
        assertThat(put(at("turning.test", "/turned")).status()).isEqualTo(201);
        Answer refused = client.batch(sink, "0", 0, "1").isProblem(503, "target-unavailable");
        assertThat(refused.text("detail")).contains("'turning.test' leads to 127.0.0.1", "sluice.http.allow");
        assertThat(refused.response().headers().firstValueAsLong("Retry-After").orElse(0))
                .isGreaterThanOrEqualTo(5);
        assertThat(client.get("/sinks/" + sink)
                        .body()
                        .path("status")
                        .path("refusal")
                        .stringValue())
                .contains("leads to 127.0.0.1");
        assertThat(receiver.requests()).noneMatch(request -> request.target().contains("turned"));
        client.snapshot(sink, "0").has("nextOffset", 0);
    }

    @Test
    void usesNoConnectionThatASinkOfTheConfigurationHasOpened() {
        client.batch("ours", "0", 0, "1").isWritten("committed");
        Names.answer("listed.test", HERE);
        assertThat(put(at("listed.test", "/listed")).status()).isEqualTo(201);
        client.batch(sink, "0", 0, "1").isWritten("committed");
        int before = receiver.requests().size();
        Names.answer("borrowed.test", PUBLIC, HERE);
        assertThat(client.put(
                                "/sinks/" + sink + "b",
                                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + at("borrowed.test", "/b")
                                        + "\"}")
                        .status())
                .isEqualTo(201);
        client.batch(sink + "b", "0", 0, "1").isProblem(503, "target-unavailable");
        assertThat(receiver.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"listed.test", "LISTED.test", "a.inside.test", "b.a.inside.test"})
    void callsWhatIsListed(String host) {
        Names.answer(host, HERE);
        Names.answer(host.toLowerCase(Locale.ROOT), HERE);
        assertThat(put(at(host, "/called")).status()).isEqualTo(201);
        client.batch(sink, "0", 0, "1").isWritten("committed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inside.test", "notinside.test", "listed.test.example", "x.listed.test"})
    void callsNothingThatOnlyLooksListed(String host) {
        Names.answer(host, HERE);
        isRefused(put(at(host, "/called")));
    }

    @Test
    void followsNoRedirect() {
        Names.answer("listed.test", HERE);
        assertThat(put(at("listed.test", "/moved")).status()).isEqualTo(201);
        receiver.answersBy(
                request -> request.target().equals("/moved") ? Reply.redirect(receiver.url("/elsewhere")) : Reply.ok());
        Answer answer = client.batch(sink, "0", 0, "1");
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(answer.text("detail")).contains("Redirects are never followed");
        assertThat(receiver.requests()).noneMatch(request -> request.target().equals("/elsewhere"));
    }
}
