package dev.sluice.bench.service;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Samples the stacks of a service by async-profiler. */
public final class Profiler {

    private final long pid;
    private final Path library;
    private final Path stacks;

    private Profiler(long pid, Path library, Path stacks) {
        this.pid = pid;
        this.library = library;
        this.stacks = stacks;
    }

    /** Starts sampling: CPU by the kernel's counters, by a timer where those are not allowed. */
    public static Profiler start(long pid, Path directory) throws IOException {
        Path library = directory.resolve("libasyncProfiler.so");
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        try (InputStream in = Profiler.class.getResourceAsStream("/linux-" + machine + "/libasyncProfiler.so")) {
            if (in == null) {
                throw new IOException("async-profiler has no library for this machine");
            }
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        }
        Profiler profiler = new Profiler(pid, library, directory.resolve("stacks-" + pid + ".txt"));
        try {
            profiler.command("start,event=cpu,interval=2ms");
        } catch (IOException e) {
            profiler.command("start,event=itimer,interval=2ms");
        }
        return profiler;
    }

    /** Stops it and returns the file of collapsed stacks. */
    public Path stop() throws IOException {
        command("stop,collapsed,file=" + stacks);
        return stacks;
    }

    private void command(String options) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                machine.loadAgentPath(library.toString(), options);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new IOException("async-profiler: " + e.getMessage(), e);
        }
    }
}
