package dev.sluice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class SluiceApplication {

    /** Starts the service with the process arguments as its highest-ranking settings. */
    public static void main(String[] args) {
        SpringApplication.run(SluiceApplication.class, args);
    }
}
