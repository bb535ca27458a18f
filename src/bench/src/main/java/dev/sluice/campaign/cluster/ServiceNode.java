package dev.sluice.campaign.cluster;

import dev.sluice.bench.process.Ports;
import dev.sluice.bench.service.Readiness;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of the service, on one port for the whole campaign. Faults take turns at it: its monitor is theirs. */
public final class ServiceNode implements AutoCloseable {

    private static final int DUMP_SECONDS = 20;
    private static final int SUSPECT_SECONDS = 60;

    private final String name;
    private final List<String> command;
    private final Path directory;
    private final Preloads preloads;
    private final int port;
    private Process process;
    private boolean diskBroken;

    private ServiceNode(String name, List<String> command, Path directory, Preloads preloads, int port) {
        this.name = name;
        this.command = command;
        this.directory = directory;
        this.preloads = preloads;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param program what runs the service: a JVM with its options up to the main class or jar
     * @param settings {@code name=value} of Spring Boot
     * @param preloads what its calls of the operating system go through
     */
    public static ServiceNode start(
            String name, List<String> program, Path directory, List<String> settings, Preloads preloads)
            throws IOException {
        int port = Ports.free();
        List<String> command = new ArrayList<>(program);
        command.add("--server.port=" + port);
        settings.forEach(setting -> command.add("--" + setting));
        ServiceNode node = new ServiceNode(name, command, Files.createDirectories(directory), preloads, port);
        node.start();
        return node;
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return directory.resolve("service.log");
    }

    /** Starts the process, without waiting for it. */
    public void start() throws IOException {
        diskBroken = false;
        process = Programs.start(command, preloads.variables(name), directory, log());
    }

    /** kill −9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and what comes of it; kill −9 after a minute. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** Stops all its threads where they stand. */
    public void pause() throws IOException, InterruptedException {
        Signals.send("STOP", process.pid());
    }

    /** Lets it go on as if no time had passed. */
    public void resume() throws IOException, InterruptedException {
        Signals.send("CONT", process.pid());
    }

    /** Allows it only so many bytes a file ({@code fsize}) or open files ({@code nofile}); without end: {@code unlimited}. */
    public void limit(String what, String most) throws IOException, InterruptedException {
        new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--" + what + "=" + most + ":")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** From now on these shares of its writes to files and of its fsyncs fail as those of a broken disk do; 0 for none. */
    public void breakDisk(double writes, double syncs) throws IOException, InterruptedException {
        boolean broken = writes > 0 || syncs > 0;
        if (broken || diskBroken) {
            preloads.breakDisk(process.pid(), writes, syncs);
        }
        diskBroken = broken;
    }

    /** Sets its clock off by so many seconds; time goes on as before. */
    public void setClockOff(long seconds) throws IOException {
        if (preloads.canSetClocks()) {
            preloads.setClockOff(name, seconds);
        }
    }

    /** Returns how many files it has open. */
    public int openFiles() {
        String[] files = new File("/proc/" + process.pid() + "/fd").list();
        return files == null ? 0 : files.length;
    }

    /**
     * Waits until it says that it is ready; a process that has ended by itself is started once more. So is one that
     * libfiu holds up: it and the dynamic linker may wait for each other's locks, and then not even the JVM answers.
     */
    public void awaitReady(long seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long suspectAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.min(seconds, SUSPECT_SECONDS));
        boolean suspect = preloads.canFail();
        while (!Readiness.of(port)) {
            if (suspect && System.nanoTime() > suspectAt) {
                suspect = false;
                if (!dump()) {
                    System.err.println(
                            name + " does not even answer jcmd, which libfiu may cause: it is started again");
                    kill();
                    start();
                    deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
                }
            }
            if (System.nanoTime() > deadline) {
                dump();
                throw new IOException(name + " is not ready after " + seconds + " s, see " + log());
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                start();
            }
        }
    }

    /** Keeps what its threads do, and returns whether its JVM told it. */
    private boolean dump() throws IOException, InterruptedException {
        Path jcmd = Path.of(command.get(0)).resolveSibling("jcmd");
        boolean answers = false;
        for (String what : List.of("Thread.print", "Thread.dump_to_file -overwrite " + directory.resolve("threads"))) {
            List<String> line = new ArrayList<>(List.of(jcmd.toString(), Long.toString(process.pid())));
            line.addAll(List.of(what.split(" ")));
            Process said = Programs.start(line, Map.of(), directory, directory.resolve("threads.log"));
            if (said.waitFor(DUMP_SECONDS, TimeUnit.SECONDS)) {
                answers |= said.exitValue() == 0;
            } else {
                said.destroyForcibly();
            }
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        try {
            resume();
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
