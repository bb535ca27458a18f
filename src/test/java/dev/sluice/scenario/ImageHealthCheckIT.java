package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** By its own check a container is healthy, with TLS and without. */
class ImageHealthCheckIT {

    private static final Pattern CHECK = Pattern.compile("HEALTHCHECK [^\\n]*\\n  CMD (\\[.*])\\n");

    @Test
    void findsAServiceThatIsReady(@TempDir Path directory) throws IOException, InterruptedException {
        PemFiles files = new PemFiles(directory).write(new CertificateAuthority("test").server());
        try (InProcess tls = InProcess.start(
                        "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                        "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                        "server.ssl.bundle=web");
                InProcess plain = InProcess.start()) {
            String withTls = "SERVER_PORT=" + tls.property("local.server.port");
            String without = "SERVER_PORT=" + plain.property("local.server.port");
            assertThat(check(withTls, "SERVER_SSL_BUNDLE=web")).isZero();
            assertThat(check(without)).isZero();
            assertThat(check(withTls)).isNotZero();
            assertThat(check(without, "SERVER_SSL_BUNDLE=web")).isNotZero();
        }
    }

    private static int check(String... variables) throws IOException, InterruptedException {
        Matcher check = CHECK.matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(check.find()).isTrue();
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(variables));
        new JsonMapper()
                .readTree(check.group(1))
                .valueStream()
                .map(JsonNode::stringValue)
                .forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
