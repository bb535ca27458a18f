package dev.sluice.postgres;

import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the settings leave the choice of the database to us; a half-configured server is refused, never replaced. */
final class DatabaseChoice {

    static final String URL = "spring.datasource.url";

    private static final Logger log = LoggerFactory.getLogger(DatabaseChoice.class);

    private static final List<String> POINTS_TO_A_SERVER = Stream.of(
                    "jdbc-url",
                    "username",
                    "password",
                    "name",
                    "jndi-name",
                    "xa.data-source-class-name",
                    "hikari.jdbc-url",
                    "hikari.username",
                    "hikari.password",
                    "hikari.data-source-class-name",
                    "hikari.data-source-j-n-d-i",
                    "hikari.data-source-properties.url",
                    "hikari.data-source-properties.user",
                    "hikari.data-source-properties.password",
                    "hikari.data-source-properties.server-name",
                    "hikari.data-source-properties.server-names",
                    "hikari.data-source-properties.port-number",
                    "hikari.data-source-properties.port-numbers",
                    "hikari.data-source-properties.database-name")
            .map(name -> "spring.datasource." + name)
            .toList();

    private static final List<String> USUAL_ELSEWHERE = List.of("DATABASE_URL", "JDBC_DATABASE_URL", "POSTGRES_URL");

    private DatabaseChoice() {}

    /** Refuses an embedded server where another one was meant or demanded. */
    static void requireEmbedded(Environment environment, EmbeddedPostgresProperties.Embedded embedded) {
        Binder binder = Binder.get(environment);
        List<String> set = POINTS_TO_A_SERVER.stream()
                .filter(name -> binder.bind(name, String.class).isBound())
                .toList();
        if (binder.bind(URL, String.class).isBound()) {
            throw unclear(URL + " (SPRING_DATASOURCE_URL) is there, but empty");
        }
        if (!set.isEmpty()) {
            throw unclear(
                    "%s %s set, but %s is not".formatted(String.join(", ", set), set.size() == 1 ? "is" : "are", URL));
        }
        if (embedded == EmbeddedPostgresProperties.Embedded.NEVER) {
            throw new DatabaseSetupException(
                    "sluice.postgres.embedded is never, and %s is not set.".formatted(URL),
                    "Set %s (jdbc:postgresql://host:5432/database) with username and password; in the environment these"
                                    .formatted(URL)
                            + " are SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.");
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

    /** Refuses URLs in the form that other languages' clients use, and other databases'. */
    static void requirePostgresUrl(String url) {
        if (!url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:tc:postgresql:")) {
            String scheme = url.contains(":") ? url.substring(0, url.indexOf(':') + 1) : url;
            throw new DatabaseSetupException(
                    "%s is not the JDBC URL of a PostgreSQL database: it begins with '%s'.".formatted(URL, scheme),
                    "Write it as jdbc:postgresql://host:5432/database, and set the user and password by"
                            + " spring.datasource.username and spring.datasource.password.");
        }
    }

    private static DatabaseSetupException unclear(String problem) {
        return new DatabaseSetupException(
                problem + ": it is not clear which database is meant.",
                "Set %s (jdbc:postgresql://host:5432/database), or remove all of spring.datasource for the embedded PostgreSQL."
                        .formatted(URL));
    }
}
