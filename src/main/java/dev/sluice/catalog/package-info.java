/** Which sinks are configured: definitions, their validation, and the guarantee that is computed for each. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "audit",
            "deadletter",
            "definition",
            "delivery",
            "outcome",
            "request",
            "snapshot"
        })
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
