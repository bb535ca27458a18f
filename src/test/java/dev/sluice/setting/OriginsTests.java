package dev.sluice.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where a value comes from, by the kinds of sources that Boot has. */
class OriginsTests {

    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    private static Origins of(PropertySource<?> source) {
        return Origins.of(Objects.requireNonNull(ConfigurationPropertySources.from(source)
                .iterator()
                .next()
                .getConfigurationProperty(ConfigurationPropertyName.of("sluice.audit.retention"))));
    }

    @Test
    void namesTheVariable() {
        assertThat(of(new SystemEnvironmentPropertySource(ENVIRONMENT, Map.of("SLUICE_AUDIT_RETENTION", "3d"))))
                .isEqualTo(new Origins("environment", "SLUICE_AUDIT_RETENTION"));
    }

    @Test
    void namesTheVariableAsTheServiceReadsIt() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        ENVIRONMENT,
                        new SystemEnvironmentPropertySource(ENVIRONMENT, Map.of("SLUICE_AUDIT_RETENTION", "3d")));
        SpringApplication application = new SpringApplication(OriginsTests.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        new SystemEnvironmentPropertySourceEnvironmentPostProcessor().postProcessEnvironment(environment, application);

        assertThat(of(Objects.requireNonNull(environment.getPropertySources().get(ENVIRONMENT))))
                .isEqualTo(new Origins("environment", "SLUICE_AUDIT_RETENTION"));
    }

    @Test
    void namesThePropertyOfTheProcess() {
        assertThat(of(new MapPropertySource(
                        StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                        Map.of("sluice.audit.retention", "3d"))))
                .isEqualTo(new Origins("system-property", "sluice.audit.retention"));
    }

    @Test
    void namesWhateverElseItIs() {
        assertThat(of(new MapPropertySource("of-a-plugin", Map.of("sluice.audit.retention", "3d"))))
                .isEqualTo(new Origins("other", "of-a-plugin"));
    }
}
