package dev.sluice.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.outcome.StorageProbe;
import dev.sluice.sink.Engine;
import java.time.Clock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** What every database needs here, embedded or not: a check at the start, honest commits, migrations without time limits, a probe. */
@AutoConfiguration(
        after = {DataSourceAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class},
        before = {DataSourceTransactionManagerAutoConfiguration.class, FlywayAutoConfiguration.class})
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseAutoConfiguration {

    @Bean
    Engine databaseEngine(DatabaseProperties properties) {
        return properties.kind();
    }

    @Bean
    Incarnations incarnations(Engine engine) {
        return new Incarnations(engine);
    }

    @Bean
    Sessions sessions(DatabaseProperties properties, Incarnations incarnations) {
        return new Sessions(properties, incarnations);
    }

    @Bean
    static BeanPostProcessor sessionsOfThePool(ObjectProvider<Sessions> sessions) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool) {
                    sessions.getObject().manage(pool);
                }
                return bean;
            }
        };
    }

    @Bean
    FlywayConfigurationCustomizer migrationsOfTheEngine(DatabaseProperties properties) {
        return flyway -> flyway.locations(properties.migrations());
    }

    @Bean
    @ConditionalOnMissingBean(TransactionManager.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    CertainCommits transactionManager(
            DataSource dataSource, Sessions sessions, ObjectProvider<TransactionManagerCustomizers> customizers) {
        CertainCommits manager = new CertainCommits(dataSource, sessions);
        customizers.ifAvailable(all -> all.customize(manager));
        return manager;
    }

    @Bean
    @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
    @ConditionalOnMissingBean(TransactionOperations.class)
    TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Bean
    @ConditionalOnSingleCandidate(DataSource.class)
    DatabaseCheck databaseCheck(
            DataSource dataSource, Sessions sessions, Incarnations incarnations, DatabaseProperties properties) {
        return new DatabaseCheck(dataSource, sessions, incarnations, properties);
    }

    @Bean
    @ConditionalOnBean(DatabaseCheck.class)
    SearchPath searchPath(DataSource dataSource) {
        return new SearchPath(JdbcClient.create(dataSource));
    }

    @Bean
    @ConditionalOnBean(DatabaseCheck.class)
    DatabaseDurability databaseDurability(
            DataSource dataSource,
            Sessions sessions,
            Incarnations incarnations,
            DatabaseCheck check,
            ObjectProvider<Clock> clock) {
        return new DatabaseDurability(
                dataSource, sessions, incarnations, check, clock.getIfAvailable(Clock::systemUTC));
    }

    @Bean
    @ConditionalOnSingleCandidate(DataSource.class)
    @ConditionalOnMissingBean(name = "storageHealthIndicator")
    StorageHealthIndicator storageHealthIndicator(StorageProbe probe) {
        return new StorageHealthIndicator(probe);
    }

    @Bean
    @ConditionalOnSingleCandidate(DataSource.class)
    StorageProbe storageProbe(DataSource dataSource) {
        return new StorageProbe(dataSource);
    }

    @Bean
    @ConditionalOnMissingBean(name = "incarnationHealthIndicator")
    IncarnationHealthIndicator incarnationHealthIndicator(Incarnations incarnations) {
        return new IncarnationHealthIndicator(incarnations);
    }

    @Bean
    IncarnationMeter incarnationMeter(Incarnations incarnations) {
        return new IncarnationMeter(incarnations);
    }

    // Connections of its own: on the pool's a long migration would meet the statement timeout meant for requests.
    @Bean
    @ConditionalOnBean(JdbcConnectionDetails.class)
    @ConditionalOnMissingBean(FlywayConnectionDetails.class)
    @Conditional(NoMigrationAccount.class)
    FlywayConnectionDetails flywayConnectionDetails(JdbcConnectionDetails database) {
        return new MigrationConnectionDetails(database);
    }

    private record MigrationConnectionDetails(JdbcConnectionDetails database) implements FlywayConnectionDetails {

        @Override
        public String getJdbcUrl() {
            // It may go through a pooler, too: see Sessions.
            String url = database.getJdbcUrl();
            return url.startsWith("jdbc:postgresql:") && !url.contains("prepareThreshold=")
                    ? url + (url.contains("?") ? "&" : "?") + "prepareThreshold=0"
                    : url;
        }

        @Override
        public @Nullable String getUsername() {
            return database.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return database.getPassword();
        }
    }

    /** Settings for migrations under another account or on another route win. */
    static final class NoMigrationAccount extends NoneNestedConditions {

        NoMigrationAccount() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("spring.flyway.url")
        static final class Url {}

        @ConditionalOnProperty("spring.flyway.user")
        static final class User {}
    }
}
