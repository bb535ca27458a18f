package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

@ExtendWith(OutputCaptureExtension.class)
class EmbeddedPostgresAutoConfigurationIT {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedPostgresAutoConfiguration.class, DataSourceAutoConfiguration.class));

    @Test
    void providesAnEmbeddedDatabaseAndStopsItAfterThePool(CapturedOutput output) throws IOException {
        Path directory = PostgresForTests.openDirectory();
        Path home = directory.resolve("postgres");
        application.withPropertyValues("sluice.postgres.directory=" + home).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(JdbcClient.create(context.getBean(DataSource.class))
                            .sql("show application_name")
                            .query(String.class)
                            .single())
                    .isEqualTo("sluice");
            assertThat(output)
                    .contains("No spring.datasource.url is set: started an embedded PostgreSQL 18.")
                    .contains("PGSERVICEFILE=" + home + "/pg_service.conf psql service=sluice");
            assertThat(context.getBeanFactory().getDependentBeans("embeddedPostgres"))
                    .contains("jdbcConnectionDetails");
            assertThat(context.getBeanFactory().getDependentBeans("jdbcConnectionDetails"))
                    .contains("dataSource");
        });
        assertThat(Postmaster.read(home.resolve("cluster")).state()).isEqualTo(Postmaster.State.NONE);
        FileSystemUtils.deleteRecursively(directory);
    }
}
