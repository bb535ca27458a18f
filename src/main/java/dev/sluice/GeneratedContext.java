package dev.sluice;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.AotDetector;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.PropertySource.StubPropertySource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Takes the context that was generated when the jar was built ("ahead of time") in place of finding out once more which
 * beans there are: a start in two thirds of the time. It fits only where every condition would be answered as it was
 * then; anything that this cannot be known of – a setting that conditions may ask for, a jar beside ours, another JDK –
 * is left to the ordinary start.
 */
final class GeneratedContext implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(GeneratedContext.class);

    private static final String INITIALIZER = "dev.sluice.SluiceApplication__ApplicationContextInitializer";
    private static final String BUILD = "META-INF/build-info.properties";
    private static final String OUR_SETTINGS = "class path resource [application.yaml]";
    private static final ConfigurationPropertyName URL = ConfigurationPropertyName.of("spring.datasource.url");

    /** What conditions ask for: everything below these names, except for the names after them. */
    private static final List<ConfigurationPropertyName> ASKED_FOR = names("spring", "management", "server");

    private static final List<ConfigurationPropertyName> NOT_ASKED_FOR = names(
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "spring.datasource.hikari",
            // Where settings stand, which are looked at themselves.
            "spring.config",
            "spring.application.json",
            // Of this process, and written by Spring Boot.
            "spring.application.name",
            "spring.application.version",
            "spring.application.title",
            "spring.application.pid",
            // Given while the context is generated.
            "spring.aot",
            "spring.ssl",
            "server.port",
            "server.address",
            "server.shutdown",
            "server.http2",
            "server.ssl",
            "server.max-http-request-header-size",
            "server.tomcat.accept-count",
            "server.tomcat.connection-timeout",
            "server.tomcat.keep-alive-timeout",
            "server.tomcat.max-connections",
            "server.tomcat.max-keep-alive-requests",
            "server.tomcat.max-swallow-size",
            "server.tomcat.threads");

    private static List<ConfigurationPropertyName> names(String... names) {
        return Stream.of(names).map(ConfigurationPropertyName::of).toList();
    }

    @Override
    public int getOrder() {
        // Last: the settings are complete, and what is logged is seen.
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        if (Boolean.getBoolean("spring.aot.processing")) {
            settingAskedFor(environment).ifPresent(reason -> {
                throw new IllegalStateException("The context cannot be generated: " + reason
                        + ", and would be a part of every start from then on. Build without it.");
            });
            return;
        }
        String classPath = System.getProperty("java.class.path", "");
        // Whoever has said so has decided. And it is made for the image: elsewhere nobody expects it.
        if (SpringProperties.getProperty(AotDetector.AOT_ENABLED) != null || !isExtracted(classPath)) {
            return;
        }
        Optional<String> reason = otherClasses(classPath, File.pathSeparator)
                .or(GeneratedContext::otherJdk)
                .or(() -> noDatabase(environment))
                .or(() -> settingAskedFor(environment));
        if (reason.isEmpty()) {
            SpringProperties.setFlag(AotDetector.AOT_ENABLED);
        } else {
            log.info("Starting without the context generated at build time, which takes longer: {}", reason.get());
        }
    }

    private static boolean isExtracted(String classPath) {
        return SluiceApplication.class.getClassLoader() == ClassLoader.getSystemClassLoader()
                && entries(classPath, File.pathSeparator).findFirst().orElse("").endsWith(".jar")
                && ClassUtils.isPresent(INITIALIZER, null);
    }

    private static Stream<String> entries(String classPath, String separator) {
        return Stream.of(StringUtils.delimitedListToStringArray(classPath, separator));
    }

    /** Classes decide, too: a jar may bring beans, or be what a condition looks for. */
    static Optional<String> otherClasses(String classPath, String separator) {
        List<String> others = entries(classPath, separator)
                // What a directory without jars leaves behind.
                .filter(entry -> !entry.endsWith("*"))
                .skip(1)
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("there is more on the class path, " + String.join(", ", others));
    }

    private static Optional<String> otherJdk() {
        try {
            Properties build = PropertiesLoaderUtils.loadAllProperties(BUILD);
            String built = build.getProperty("build.jdk", "an unknown one");
            String running = Integer.toString(Runtime.version().feature());
            return built.equals(running)
                    ? Optional.empty()
                    : Optional.of("it was generated by JDK " + built + ", this is " + running);
        } catch (IOException e) {
            return Optional.of(BUILD + " cannot be read, " + e.getMessage());
        }
    }

    private static Optional<String> noDatabase(ConfigurableEnvironment environment) {
        return StringUtils.hasText(environment.getProperty(URL.toString()))
                ? Optional.empty()
                : Optional.of(URL + " is not set");
    }

    /** Returns the first setting, other than those in the jar, that may change which beans there are. */
    static Optional<String> settingAskedFor(ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (isOurs(source)) {
                continue;
            }
            if (!(ConfigurationPropertySource.from(source) instanceof IterableConfigurationPropertySource settings)) {
                return Optional.of(source.getName() + " does not tell which settings it has");
            }
            Optional<ConfigurationPropertyName> name =
                    settings.stream().filter(GeneratedContext::isAskedFor).findFirst();
            if (name.isPresent()) {
                return Optional.of(name.get() + " is set (" + source.getName() + ")");
            }
        }
        return Optional.empty();
    }

    private static boolean isOurs(PropertySource<?> source) {
        return source.getName().contains(OUR_SETTINGS)
                || source instanceof StubPropertySource
                || source instanceof RandomValuePropertySource
                || ConfigurationPropertySources.isAttachedConfigurationPropertySource(source);
    }

    /** Returns whether conditions may ask for a setting of that name. */
    static boolean isAskedFor(ConfigurationPropertyName name) {
        return isBelow(ASKED_FOR, name) && !isBelow(NOT_ASKED_FOR, name);
    }

    private static boolean isBelow(List<ConfigurationPropertyName> names, ConfigurationPropertyName name) {
        return names.stream().anyMatch(each -> each.equals(name) || each.isAncestorOf(name));
    }
}
