package dev.sluice.bench.report;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What it was measured on. */
public final class Machine {

    private Machine() {}

    public static Map<String, String> describe(Path work) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", value("/proc/cpuinfo", "model name"));
        facts.put("Cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        long kib = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        facts.put("RAM", "%.1f GiB".formatted(kib / 1024.0 / 1024));
        FileStore store = Files.getFileStore(work);
        facts.put("Disk", "%s (%s), %,d GiB free".formatted(store.name(), store.type(), store.getUsableSpace() >> 30));
        facts.put("Kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("Durable write", DiskLatency.measure(work));
        facts.put("Load before", Files.readString(Path.of("/proc/loadavg")).strip());
        return facts;
    }

    private static String value(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
