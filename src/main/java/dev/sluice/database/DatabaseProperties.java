package dev.sluice.database;

import dev.sluice.sink.Engine;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the database is, and what the service may start on.
 *
 * @param engine its kind, by name; never guessed, since what a wrong guess costs shows only under load
 * @param accept the labels of the flaws that do not stop the start
 * @param pooler whether a pooler stands before it that hands out another session for each transaction
 * @param statementTimeout for a statement of ours
 * @param lockTimeout for a lock that somebody else holds
 * @param idleInTransactionTimeout how long a process that has stopped keeps its locks
 */
@ConfigurationProperties(prefix = "sluice.database", ignoreUnknownFields = false)
record DatabaseProperties(
        @DefaultValue("postgresql") String engine,
        @DefaultValue List<String> accept,
        @DefaultValue("auto") Pooler pooler,
        @DefaultValue("45s") Duration statementTimeout,
        @DefaultValue("5s") Duration lockTimeout,
        @DefaultValue("10s") Duration idleInTransactionTimeout) {

    private static final String SAME = "classpath:db/migration";
    private static final String POSTGRESQL = "classpath:db/vendor/postgresql";
    private static final String CITUS = "classpath:db/vendor/citus";
    private static final String YUGABYTEDB = "classpath:db/vendor/yugabytedb";

    DatabaseProperties {
        if (Arrays.stream(Engine.values()).noneMatch(known -> nameOf(known).equals(engine))) {
            throw new IllegalArgumentException("sluice.database.engine: '" + engine + "' is none of "
                    + Arrays.stream(Engine.values())
                            .map(DatabaseProperties::nameOf)
                            .collect(Collectors.joining(", ")));
        }
        between("statement-timeout", statementTimeout);
        between("lock-timeout", lockTimeout);
        between("idle-in-transaction-timeout", idleInTransactionTimeout);
        accept = List.copyOf(accept);
        for (String label : accept) {
            if (Flaw.labelled(label).isEmpty()) {
                throw new IllegalArgumentException("sluice.database.accept: there is no finding '" + label
                        + "' that could be accepted; there are " + Flaw.labels());
            }
        }
    }

    private static void between(String key, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("sluice.database." + key + ": must be from 1ms to 1h, but is " + value);
        }
    }

    Engine kind() {
        return Engine.valueOf(engine.toUpperCase(Locale.ROOT));
    }

    /** The places of its migrations: what is the same everywhere, and what is its own. */
    String[] migrations() {
        return switch (kind()) {
            case POSTGRESQL -> new String[] {SAME, POSTGRESQL};
            case CITUS -> new String[] {SAME, POSTGRESQL, CITUS};
            case YUGABYTEDB -> new String[] {SAME, YUGABYTEDB};
        };
    }

    boolean accepts(Flaw flaw) {
        return accept.contains(flaw.label());
    }

    private static String nameOf(Engine engine) {
        return engine.name().toLowerCase(Locale.ROOT);
    }
}
