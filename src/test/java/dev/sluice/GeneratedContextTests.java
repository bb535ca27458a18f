package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ApplicationListener;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;

class GeneratedContextTests {

    @Test
    void knowsEverySettingThatAConditionAsksFor() throws IOException {
        MetadataReaderFactory readers = new SimpleMetadataReaderFactory();
        Set<String> asked = new TreeSet<>();
        for (String classes : List.of("org/springframework/boot/**/*.class", "dev/sluice/**/*.class")) {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath*:" + classes)) {
                AnnotationMetadata type = readers.getMetadataReader(file).getAnnotationMetadata();
                Stream.concat(
                                Stream.of(type.getAnnotations()),
                                type.getDeclaredMethods().stream().map(MethodMetadata::getAnnotations))
                        .flatMap(GeneratedContextTests::settings)
                        .forEach(asked::add);
            }
        }
        assertThat(asked)
                .contains("spring.flyway.url", "spring.datasource.type", "server.forward-headers-strategy")
                .allSatisfy(name -> assertThat(isAskedFor(name)).isTrue());
    }

    private static Stream<String> settings(MergedAnnotations annotations) {
        return Stream.of(ConditionalOnProperty.class, ConditionalOnBooleanProperty.class)
                .flatMap(annotations::stream)
                .flatMap(GeneratedContextTests::settings);
    }

    private static Stream<String> settings(MergedAnnotation<?> condition) {
        String prefix = condition.getString("prefix");
        String start = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
        return Stream.of("name", "value")
                .flatMap(names -> Stream.of(condition.getStringArray(names)).map(start::concat));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice.sinks.events.type",
                "sluice.postgres.embedded",
                "spring.datasource.url",
                "spring.datasource.hikari.maximum-pool-size",
                "spring.config.import",
                "server.port",
                "server.tomcat.threads.max",
                "logging.level.root",
                "java.home",
                "path"
            })
    void takesSettingsThatNoConditionAsksFor(String name) {
        assertThat(isAskedFor(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.profiles.active",
                "spring.datasource.type",
                "spring.flyway.enabled",
                "spring.main.lazy-initialization",
                "spring.threads.virtual.enabled",
                "spring.autoconfigure.exclude[0]",
                "management.server.port",
                "management.endpoints.web.exposure.include",
                "server.servlet.context-path"
            })
    void leavesSettingsThatConditionsMayAskForToTheOrdinaryStart(String name) {
        assertThat(isAskedFor(name)).isTrue();
    }

    private static boolean isAskedFor(String name) {
        return GeneratedContext.isAskedFor(ConfigurationPropertyName.of(name));
    }

    @Test
    void findsNothingInTheSettingsOfTheJar() {
        assertThat(GeneratedContext.settingAskedFor(environment("--spring.datasource.url=jdbc:postgresql:x")))
                .isEmpty();
    }

    @Test
    void findsSettingsByWhateverWayTheyCome() {
        assertThat(GeneratedContext.settingAskedFor(environment("--spring.flyway.enabled=false")))
                .hasValue("spring.flyway.enabled is set (commandLineArgs)");

        StandardEnvironment variables = new StandardEnvironment();
        variables
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "test-systemEnvironment",
                        Map.of("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "*", "PATH", "/bin")));
        assertThat(GeneratedContext.settingAskedFor(variables))
                .hasValue("management.endpoints.web.exposure.include is set (test-systemEnvironment)");
    }

    @Test
    void trustsNoSourceThatDoesNotTellWhatItHas() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addLast(new PropertySource<>("vault", new Object()) {

            @Override
            public Object getProperty(String name) {
                return name;
            }
        });
        assertThat(GeneratedContext.settingAskedFor(environment)).hasValue("vault does not tell which settings it has");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "sluice.jar                              | none",
                "``                                      | none",
                "sluice.jar:sinks/*                      | none",
                "sluice.jar:sinks/audit.jar:sinks/b.jar  | there is more on the class path, sinks/audit.jar, sinks/b.jar",
            })
    void findsJarsBesideOurs(String classPath, String reason) {
        assertThat(GeneratedContext.otherClasses(classPath, ":").orElse(null)).isEqualTo(reason);
    }

    /** What the application's settings are when they are complete, and no further. */
    private static ConfigurableEnvironment environment(String... arguments) {
        SpringApplication application = new SpringApplication(Object.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        ConfigurableEnvironment[] found = new ConfigurableEnvironment[1];
        application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) event -> {
            found[0] = event.getEnvironment();
        });
        application.run(arguments).close();
        return found[0];
    }
}
