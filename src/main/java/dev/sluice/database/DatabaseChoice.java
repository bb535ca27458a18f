package dev.sluice.database;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the settings leave the choice of the database to us; a half-configured server is refused, never replaced. */
final class DatabaseChoice {

    static final String URL = "spring.datasource.url";

    private static final Logger log = LoggerFactory.getLogger(DatabaseChoice.class);

    private static final List<String> POINTS_TO_A_SERVER = Stream.concat(
                    Stream.of(URL, "jdbc-url", "username", "password", "name", "jndi-name", "xa.data-source-class-name")
                            .map(name -> name.equals(URL) ? URL : "spring.datasource." + name),
                    Stream.of(
                                    "jdbc-url",
                                    "username",
                                    "password",
                                    "data-source-class-name",
                                    "data-source-jndi",
                                    "data-source-properties.url",
                                    "data-source-properties.user",
                                    "data-source-properties.password",
                                    "data-source-properties.server-name",
                                    "data-source-properties.server-names",
                                    "data-source-properties.port-number",
                                    "data-source-properties.port-numbers",
                                    "data-source-properties.database-name")
                            .map(name -> "spring.datasource.hikari." + name))
            .toList();

    private static final List<String> USUAL_ELSEWHERE = List.of("DATABASE_URL", "JDBC_DATABASE_URL", "POSTGRES_URL");

    private DatabaseChoice() {}

    /** Refuses an embedded server where another one was meant or demanded. */
    static void requireEmbedded(Environment environment, EmbeddedPostgresProperties.Embedded embedded) {
        Binder binder = Binder.get(environment);
        String set = POINTS_TO_A_SERVER.stream()
                .filter(name -> binder.bind(name, String.class).isBound())
                .collect(Collectors.joining(", "));
        if (!set.isEmpty()) {
            throw new DatabaseSetupException(
                    "%s set, but %s is %s: it is not clear which database is meant."
                            .formatted(
                                    set + (set.contains(",") ? " are" : " is"),
                                    URL,
                                    set.contains(URL) ? "empty" : "not"),
                    "Set %s (jdbc:postgresql://host:5432/database), or remove what is set for the embedded PostgreSQL."
                            .formatted(URL));
        }
        if (embedded == EmbeddedPostgresProperties.Embedded.NEVER) {
            throw new DatabaseSetupException(
                    "sluice.postgres.embedded is NEVER, and %s is not set.".formatted(URL),
                    "Set %s (jdbc:postgresql://host:5432/database) with username and password.".formatted(URL));
        }
        for (String name : USUAL_ELSEWHERE) {
            if (environment.containsProperty(name)) {
                log.warn(
                        "{} is in the environment but is not used. To use that database set SPRING_DATASOURCE_URL"
                                + " (jdbc:postgresql://…), SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD",
                        name);
            }
        }
    }
}
