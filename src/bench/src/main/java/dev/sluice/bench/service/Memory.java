package dev.sluice.bench.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks each second how much memory a process has (VmRSS, in MiB). Its list is guarded by its lock. */
public final class Memory implements AutoCloseable {

    private final Path status;
    private final List<Double> samples = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    public Memory(long pid) {
        status = Path.of("/proc", Long.toString(pid), "status");
        clock.scheduleAtFixedRate(this::sample, 0, 1, TimeUnit.SECONDS);
    }

    public synchronized List<Double> samples() {
        return List.copyOf(samples);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void sample() {
        try {
            double mib = Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
            synchronized (this) {
                samples.add(mib);
            }
        } catch (IOException e) {
            // The process has ended: so do the samples.
        }
    }
}
