package dev.sluice.campaign.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Starts programs that do not outlive the campaign, whatever ends it. */
final class Programs {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end of programs"));
    }

    private Programs() {}

    /** Starts one in a directory, with variables beside the campaign's own; what it says is added to a file. */
    static Process start(List<String> command, Map<String, String> variables, Path directory, Path log)
            throws IOException {
        RUNNING.removeIf(process -> !process.isAlive());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(variables);
        Process process = builder.start();
        RUNNING.add(process);
        return process;
    }
}
