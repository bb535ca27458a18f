/** The way of a batch into its target: lanes, the decision table, one transaction for all that waits. */
@ApplicationModule(
        allowedDependencies = {
            "sink",
            "admission",
            "batch",
            "deadletter",
            "live",
            "meter",
            "outcome",
            "request",
            "snapshot"
        })
@NullMarked
package dev.sluice.commit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
