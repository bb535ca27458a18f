package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseChoiceTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedPostgresAutoConfiguration.class, DataSourceAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.username",
                "spring.datasource.password",
                "spring.datasource.name",
                "spring.datasource.jdbc-url",
                "spring.datasource.jndi-name",
                "spring.datasource.hikari.jdbc-url",
                "spring.datasource.hikari.data-source-properties.serverName"
            })
    void refusesAServerWithoutItsUrl(String property) {
        application
                .withPropertyValues(property + "=jdbc:postgresql://db/records")
                .run(
                        context -> assertThat(
                                        analysis(context.getStartupFailure()).getDescription())
                                .isEqualToIgnoringCase(
                                        property.replace("serverName", "server-name")
                                                + " is set, but spring.datasource.url is not: it is not clear which database is meant."));
    }

    @Test
    void refusesAnEmptyUrl() {
        application.withPropertyValues("spring.datasource.url=").run(context -> {
            FailureAnalysis analysis = analysis(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .startsWith("spring.datasource.url (SPRING_DATASOURCE_URL) is there, but empty");
            assertThat(analysis.getAction()).contains("spring.datasource.url", "jdbc:postgresql://");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://user:secret@db:5432/records", "jdbc:mysql://db/records", "db:5432"})
    void refusesAUrlThatIsNoJdbcUrlOfPostgresql(String url) {
        application.withPropertyValues("spring.datasource.url=" + url).run(context -> {
            FailureAnalysis analysis = analysis(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .contains("spring.datasource.url is not the JDBC URL")
                    .doesNotContain("secret");
            assertThat(analysis.getAction()).contains("jdbc:postgresql://host:5432/database");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, spring.datasource.password",
        "3D000, Create the database",
        "42501, Grant the user",
        "08001, Check that the server is running"
    })
    void saysInASentenceWhyTheDatabaseCannotBeUsed(String state, String action) {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:postgresql://db/records?password=secret");
        FailureAnalysis analysis = new DatabaseFailureAnalyzer(environment)
                .analyze(new IllegalStateException(new SQLException("no", state)));
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription())
                .isEqualTo("The database at jdbc:postgresql://db/records cannot be used: no (SQLSTATE " + state + ").");
        assertThat(analysis.getAction()).contains(action);
    }

    @Test
    void refusesToStartWithoutAUrlWhereEmbeddingIsForbidden() {
        application.withPropertyValues("sluice.postgres.embedded=NEVER").run(context -> {
            FailureAnalysis analysis = analysis(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .isEqualTo("sluice.postgres.embedded is never, and spring.datasource.url is not set.");
            assertThat(analysis.getAction()).contains("spring.datasource.url");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.postgres.port=70000, sluice.postgres.port must be",
        "sluice.postgres.start-timeout=0s, sluice.postgres.start-timeout must be",
        "sluice.postgres.prot=5432, 'The elements [sluice.postgres.prot] were left unbound.'"
    })
    void refusesAWrongSetting(String property, String message) {
        application
                .withPropertyValues(property, "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
    }

    @Test
    void startsNothingWhereAUrlIsSet() {
        application
                .withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATABASE_URL", "JDBC_DATABASE_URL", "POSTGRES_URL"})
    void warnsAboutVariablesOfOtherPlatforms(String name, CapturedOutput output) {
        MockEnvironment environment = new MockEnvironment().withProperty(name, "postgres://user:secret@db/records");
        DatabaseChoice.requireEmbedded(environment, EmbeddedPostgresProperties.Embedded.AUTO);
        assertThat(output)
                .contains(name + " is in the environment but is not used", "SPRING_DATASOURCE_URL")
                .doesNotContain("secret");
    }

    private static FailureAnalysis analysis(Throwable failure) {
        FailureAnalysis analysis = new DatabaseSetupFailureAnalyzer().analyze(failure);
        assertThat(analysis).as("analysis of %s", failure).isNotNull();
        return analysis;
    }
}
