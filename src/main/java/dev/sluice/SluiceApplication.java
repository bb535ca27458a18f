package dev.sluice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

/** Starts the service. */
// What is left out is of no use here, and some of it looks at each bean: annotations weave nothing in, transactions are
// templates, JDBC translates its exceptions itself, there are no uploads and no sessions to count.
@SpringBootApplication(
        exclude = {
            AopAutoConfiguration.class,
            MultipartAutoConfiguration.class,
            PersistenceExceptionTranslationAutoConfiguration.class,
            TomcatMetricsAutoConfiguration.class,
            TransactionAutoConfiguration.class
        })
public class SluiceApplication {

    /** Starts the service with the process arguments as its highest-ranking settings. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SluiceApplication.class);
        application.addListeners(new GeneratedContext());
        application.run(args);
    }
}
