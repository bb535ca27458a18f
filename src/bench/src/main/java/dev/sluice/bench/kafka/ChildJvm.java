package dev.sluice.bench.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of this one's version and class path, with what it says in files of the work directory. */
final class ChildJvm {

    private static final int TAIL = 4000;

    private final String name;
    private final Path work;
    private final Process process;

    private ChildJvm(String name, Path work, Process process) {
        this.name = name;
        this.work = work;
        this.process = process;
    }

    static ChildJvm start(String name, Path work, List<String> jvm, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-Dlog4j2.configurationFile=" + Logs.configuration(work));
        command.add("-D" + Logs.FILE + "=" + work.resolve(name + ".log"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve(name + ".out").toFile())
                .start();
        process.getOutputStream().close();
        return new ChildJvm(name, work, process);
    }

    void checkAlive() {
        if (!process.isAlive()) {
            throw new PeerException(name + " ended with " + process.exitValue() + said());
        }
    }

    /** Of a JVM that has an end. */
    void await(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new PeerException("timed out: " + name + said());
        }
        if (process.exitValue() != 0) {
            throw new PeerException(name + " ended with " + process.exitValue() + said());
        }
    }

    /** The end of what it wrote, for a message: the files are gone when somebody reads it. */
    String said() {
        return tail(".out") + tail(".log");
    }

    private String tail(String suffix) {
        try {
            String text = Files.readString(work.resolve(name + suffix));
            String end = text.substring(Math.max(0, text.length() - TAIL)).strip();
            return end.isEmpty() ? "" : "\n--- " + name + suffix + ":\n" + end;
        } catch (IOException e) {
            return "";
        }
    }

    /** Politely first: a consumer that leaves its group and a broker that closes its log in order. */
    void stop(Duration patience) {
        process.destroy();
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly()
                .onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(e -> process)
                .join();
    }
}
