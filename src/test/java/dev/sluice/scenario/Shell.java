package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a document tells its readers to type. */
final class Shell {

    private Shell() {}

    /** Runs it as it stands; whatever fails in it fails the test. Returns what it prints. */
    static String run(String command) {
        return run(command, Map.of());
    }

    /** The same with variables. */
    static String run(String command, Map<String, String> variables) {
        try {
            ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(variables);
            Process shell = builder.start();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor()).as(command).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
