package dev.sluice.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.outcome.StorageProbe;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.sink.Engine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseAutoConfigurationIT {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DatabaseAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    FlywayAutoConfiguration.class));

    @Test
    void commitsThroughTheCertainCommits() {
        withDatabase("").run(context -> {
            assertThat(context).getBean(PlatformTransactionManager.class).isInstanceOf(CertainCommits.class);
            assertThat(context.getBean(TransactionTemplate.class).getTransactionManager())
                    .isInstanceOf(CertainCommits.class);
        });
    }

    @Test
    void limitsSessionsWhateverTheUrlSays() {
        String parameters = "options=-c%20synchronous_commit=off%20-c%20statement_timeout=0&socketTimeout=90";
        withDatabase(parameters).run(context -> {
            DataSource pool = context.getBean(DataSource.class);
            assertThat(show(pool, "statement_timeout")).isEqualTo("45s");
            assertThat(show(pool, "lock_timeout")).isEqualTo("5s");
            assertThat(show(pool, "idle_in_transaction_session_timeout")).isEqualTo("10s");
            assertThat(show(pool, "synchronous_commit")).isEqualTo("on");
            assertThat(show(pool, "transaction_isolation")).isEqualTo("read committed");
            assertThat(show(pool, "application_name")).isEqualTo("sluice");
        });
    }

    @Test
    void keepsAStrongerSynchronousCommit() {
        withDatabase("options=-c%20synchronous_commit=remote_apply")
                .run(context -> assertThat(show(context.getBean(DataSource.class), "synchronous_commit"))
                        .isEqualTo("remote_apply"));
    }

    @Test
    void migratesOnConnectionsWithoutTheTimeoutsOfThePool() {
        withDatabase("").run(context -> {
            DataSource migrations =
                    context.getBean(Flyway.class).getConfiguration().getDataSource();
            assertThat(migrations).isNotInstanceOf(HikariDataSource.class);
            assertThat(show(migrations, "statement_timeout")).isEqualTo("0");
            assertThat(context.getBean(Flyway.class).info().getInfoResult().schemaName)
                    .contains("sluice");
        });
    }

    @Test
    void tellsWhatAnAcknowledgementSurvives() {
        withDatabase("")
                .run(context -> assertThat(durability(context.getBean(DatabaseDurability.class)))
                        .containsEntry("acknowledgementSurvives", "process kill and power loss of this host")
                        .containsEntry("fsync", "on")
                        .containsEntry("synchronousCommit", "on")
                        .containsKey("server"));
    }

    @Test
    void answersWithoutADatabase() {
        DataSource nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none");
        Sessions sessions = SessionsForTests.sessions();
        Incarnations incarnations = new Incarnations(Engine.POSTGRESQL);
        DatabaseCheck check =
                new DatabaseCheck(nowhere, sessions, incarnations, SessionsForTests.properties("postgresql"));
        assertThat(durability(new DatabaseDurability(nowhere, sessions, incarnations, check, Clock.systemUTC())))
                .containsEntry("acknowledgementSurvives", "unknown: the database does not answer");
        assertThat(new StorageHealthIndicator(new StorageProbe(nowhere))
                        .health()
                        .getStatus())
                .isEqualTo(Status.DOWN);
    }

    @Test
    void checksTheDatabaseWithoutMigrationsToo() {
        withDatabase("")
                .withPropertyValues(
                        "spring.flyway.enabled=false",
                        "spring.datasource.hikari.transaction-isolation=TRANSACTION_SERIALIZABLE")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("the isolation of the service's transactions is serializable"));
    }

    @Test
    void isHealthyWithADatabase() {
        withDatabase("")
                .run(context -> assertThat(context.getBean("storageHealthIndicator", StorageHealthIndicator.class)
                                .health()
                                .getStatus())
                        .isEqualTo(Status.UP));
    }

    private ApplicationContextRunner withDatabase(String parameters) {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        String separator = database.url().contains("?") ? "&" : "?";
        return application.withPropertyValues(
                "spring.datasource.url=" + database.url() + separator + parameters,
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> durability(DatabaseDurability durability) {
        Info.Builder info = new Info.Builder();
        durability.contribute(info);
        return (Map<String, Object>) info.build().getDetails().get("durability");
    }

    private static String show(DataSource dataSource, String setting) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + setting)) {
            result.next();
            return result.getString(1);
        }
    }
}
