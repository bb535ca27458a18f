package dev.sluice.postgres;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Starts an embedded PostgreSQL where neither a URL nor anybody else says which database to use. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@EnableConfigurationProperties(EmbeddedPostgresProperties.class)
class EmbeddedPostgresAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresAutoConfiguration.class);

    @Configuration(proxyBeanMethods = false)
    @Conditional(NoUrl.class)
    @ConditionalOnMissingBean({JdbcConnectionDetails.class, DataSource.class})
    static class Embedded {

        // The pool is made from the connection details, and these from the server: destroyed in the opposite order.
        @Bean
        EmbeddedPostgres embeddedPostgres(EmbeddedPostgresProperties settings, Environment environment) {
            DatabaseChoice.requireEmbedded(environment, settings.embedded());
            EmbeddedPostgres postgres = EmbeddedPostgres.start(settings);
            Path directory = settings.path().normalize();
            log.info(
                    "No {} is set: started an embedded PostgreSQL {} in {} on 127.0.0.1:{}; its data stays there."
                            + " Look inside with: PGSERVICEFILE={} psql service=sluice",
                    DatabaseChoice.URL,
                    postgres.version(),
                    directory,
                    postgres.port(),
                    directory.resolve("pg_service.conf"));
            return postgres;
        }

        @Bean(initMethod = "start", destroyMethod = "close")
        PostgresWatch postgresWatch(
                EmbeddedPostgres embeddedPostgres,
                EmbeddedPostgresProperties settings,
                ApplicationEventPublisher events) {
            return new PostgresWatch(
                    embeddedPostgres,
                    new RestartBudget(settings.restarts(), settings.restartWindow()),
                    () -> AvailabilityChangeEvent.publish(events, embeddedPostgres, LivenessState.BROKEN));
        }

        @Bean
        MeterBinder embeddedPostgresDisk(EmbeddedPostgresProperties settings) {
            File directory = settings.path().toFile();
            return registry -> Gauge.builder(
                            "sluice.disk.free", () -> directory.isDirectory() ? directory.getUsableSpace() : Double.NaN)
                    .description("Bytes that can still be written to the disk of a directory")
                    .baseUnit("bytes")
                    .tags("what", "postgres", "sink", "none")
                    .register(registry);
        }

        @Bean
        JdbcConnectionDetails jdbcConnectionDetails(EmbeddedPostgres embeddedPostgres) {
            return new EmbeddedConnectionDetails(
                    embeddedPostgres.url(), embeddedPostgres.username(), embeddedPostgres.password());
        }
    }

    // Before the pool sees the URL, which would end in a stack trace.
    @Bean
    static BeanFactoryPostProcessor databaseUrlCheck(Environment environment) {
        return beans -> {
            String url = environment.getProperty(DatabaseChoice.URL);
            if (StringUtils.hasText(url)) {
                DatabaseChoice.requirePostgresUrl(url);
            }
        };
    }

    private record EmbeddedConnectionDetails(String url, String username, String password)
            implements JdbcConnectionDetails {

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return username;
        }

        @Override
        public String getPassword() {
            return password;
        }
    }

    static final class NoUrl extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            String url = context.getEnvironment().getProperty(DatabaseChoice.URL);
            ConditionMessage.Builder message = ConditionMessage.forCondition("No database URL");
            // An empty one counts as none here, and is refused by name later.
            return StringUtils.hasText(url)
                    ? ConditionOutcome.noMatch(message.found("property").items(DatabaseChoice.URL))
                    : ConditionOutcome.match(message.didNotFind("property").items(DatabaseChoice.URL));
        }
    }
}
