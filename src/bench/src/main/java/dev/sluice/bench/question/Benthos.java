package dev.sluice.bench.question;

import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Benthos, which takes the same requests and passes each body on as one message before it answers. */
final class Benthos implements AutoCloseable {

    static final String MISSING = "Benthos is not beside it: it was not built, which needs Go (src/bench/run does it).";

    private static final long START = Duration.ofSeconds(30).toNanos();

    private final Child process;
    private final Path directory;
    private final int port;

    private Benthos(Child process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Whether it was built. */
    static boolean present(Lab lab) {
        return Files.isExecutable(program(lab));
    }

    /** Starts it with an output, which is a line of YAML. */
    static Benthos start(Lab lab, Path directory, String output) throws IOException, InterruptedException {
        int port = Ports.free();
        Path settings = Files.writeString(directory.resolve("benthos.yaml"), """
                http: {enabled: false}
                logger: {level: WARN}
                input:
                  http_server: {address: "127.0.0.1:%d", path: "/sinks/events/partitions/{partition}", timeout: 60s}
                output:
                  %s
                """.formatted(port, output));
        List<String> command = List.of(program(lab).toString(), "-c", settings.toString());
        Benthos benthos = new Benthos(Child.start(directory, "benthos", Map.of(), command), directory, port);
        try {
            benthos.awaitReady();
            return benthos;
        } catch (IOException | InterruptedException e) {
            benthos.close();
            throw e;
        }
    }

    /** Sends it requests, and counts afterwards that all that was acknowledged has arrived. */
    LoadResult load(Place place, String... arguments) throws Exception {
        return Direct.load(directory, "http://127.0.0.1:" + port, place, arguments);
    }

    private static Path program(Lab lab) {
        return lab.home().resolve("target/benthos");
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START;
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("Benthos did not start: " + process.errors(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
