package dev.sluice.database;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the service may start on.
 *
 * @param accept the labels of the flaws that do not stop the start
 */
@ConfigurationProperties(prefix = "sluice.database", ignoreUnknownFields = false)
record DatabaseProperties(@DefaultValue List<String> accept) {

    DatabaseProperties {
        accept = List.copyOf(accept);
        for (String label : accept) {
            if (Flaw.labelled(label).isEmpty()) {
                throw new IllegalArgumentException("sluice.database.accept: there is no finding '" + label
                        + "' that could be accepted; there are " + Flaw.labels());
            }
        }
    }

    boolean accepts(Flaw flaw) {
        return accept.contains(flaw.label());
    }
}
