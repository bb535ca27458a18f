package dev.sluice.scenario;

import dev.sluice.SluiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the service, writes the names and types of its beans into a file, and ends: a process of its own, as Spring's switch is the JVM's. */
final class BeanNames {

    private BeanNames() {}

    /** Takes the file, then the settings. */
    public static void main(String[] args) throws IOException {
        SpringApplication application = new SpringApplication(SluiceApplication.class);
        application.setMainApplicationClass(SluiceApplication.class);
        String[] settings = List.of(args).subList(1, args.length).toArray(String[]::new);
        try (ConfigurableApplicationContext context = application.run(settings)) {
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            TreeSet<String> lines = new TreeSet<>();
            for (String name : beans.getBeanDefinitionNames()) {
                // A lambda has another name in each JVM.
                lines.add((name + " " + beans.getType(name)).replaceAll("\\$\\$Lambda.*", ""));
            }
            Files.write(Path.of(args[0]), lines);
        }
    }
}
