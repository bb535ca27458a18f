/** What can be done to a partition: write, open, rewind, close, read. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "audit",
            "batch",
            "catalog",
            "commit",
            "control",
            "deadletter",
            "delivery",
            "live",
            "outcome",
            "request",
            "snapshot"
        })
@NullMarked
package dev.sluice.partition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
