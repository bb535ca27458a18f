package dev.sluice.telemetry;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves out all that traces and exports by OTLP where no endpoint is set. By themselves these auto-configurations would
 * record spans of which nobody ever hears, and send meters to port 4318 of this machine.
 */
class ExportsAskedFor implements AutoConfigurationImportFilter, EnvironmentAware {

    static final String TRACES = "management.opentelemetry.tracing.export.otlp.endpoint";
    static final String LOGS = "management.opentelemetry.logging.export.otlp.endpoint";
    static final String METERS = "management.otlp.metrics.export.url";

    private static final String BOOT = "org.springframework.boot.";

    private boolean traces;
    private boolean logs;
    private boolean meters;

    @Override
    public void setEnvironment(Environment environment) {
        traces = StringUtils.hasText(environment.getProperty(TRACES));
        logs = StringUtils.hasText(environment.getProperty(LOGS));
        meters = StringUtils.hasText(environment.getProperty(METERS));
    }

    @Override
    public boolean[] match(String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[autoConfigurationClasses.length];
        for (int i = 0; i < matches.length; i++) {
            String name = autoConfigurationClasses[i];
            // Those that were left out before have no name.
            matches[i] = name == null || isAskedFor(name);
        }
        return matches;
    }

    private boolean isAskedFor(String name) {
        if (name.startsWith(BOOT + "micrometer.tracing.")) {
            return traces;
        }
        if (name.startsWith(BOOT + "opentelemetry.")) {
            return traces || logs;
        }
        return meters || !name.startsWith(BOOT + "micrometer.metrics.autoconfigure.export.otlp.");
    }
}
