package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.Tools;
import dev.sluice.bench.service.Javas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all questions have in common.
 *
 * @param server a database of the server that is measured with; each site gets one of its own beside it
 * @param java the JVM of the service
 * @param jar the service
 * @param before another jar of the service, to compare with; null where there is none
 * @param work where files go that nobody needs afterwards
 * @param out where the report goes
 * @param home the directory of this benchmark
 * @param sizes what the command line said about sizes
 * @param profile whether to take flame graphs of the services
 */
public record Lab(
        Database server,
        Tools tools,
        Javas.Java java,
        Path jar,
        Path before,
        Path work,
        Path out,
        Path home,
        Sizes sizes,
        boolean profile,
        Map<String, Long> troubles) {

    /**
     * How much is measured.
     *
     * @param quick whether only to see that everything works
     */
    public record Sizes(boolean quick, int rounds, long largeRows, int memoryMinutes) {}

    public Lab(
            Database server,
            Tools tools,
            Javas.Java java,
            Path jar,
            Path before,
            Path work,
            Path out,
            Path home,
            Sizes sizes,
            boolean profile) {
        this(server, tools, java, jar, before, work, out, home, sizes, profile, new TreeMap<>());
    }

    /** Returns the same for another jar of the service. */
    Lab with(Path otherJar) {
        return new Lab(server, tools, java, otherJar, before, work, out, home, sizes, profile, troubles);
    }

    /** Chooses between the size of a real run and of a quick one. */
    int size(int real, int quick) {
        return sizes.quick() ? quick : real;
    }

    int rounds() {
        return sizes.rounds();
    }

    public void say(String text) {
        System.err.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + text);
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(work.resolve(name));
    }
}
