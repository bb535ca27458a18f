package dev.sluice.bench.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this JVM and the others log to: warnings and worse, into files, since stdout is for the results alone. */
final class Logs {

    /** A system property: the file. */
    static final String FILE = "bench.log";

    private Logs() {}

    static Path configuration(Path work) {
        return work.resolve("log4j2.properties");
    }

    /** To be called before the first class of Kafka's: logging reads its configuration once. */
    static void write(Path work) throws IOException {
        Files.writeString(configuration(work), """
                appender.file.type = File
                appender.file.name = file
                appender.file.fileName = ${sys:%s}
                appender.file.layout.type = PatternLayout
                appender.file.layout.pattern = %%d %%p %%c{1} %%m%%n
                rootLogger.level = warn
                rootLogger.appenderRef.file.ref = file
                """.formatted(FILE));
        System.setProperty("log4j2.configurationFile", configuration(work).toString());
        System.setProperty(FILE, work.resolve("peer.log").toString());
    }
}
