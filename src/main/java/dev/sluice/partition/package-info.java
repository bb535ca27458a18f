/** What can be done to a partition: write, open, rewind, close, read. */
@ApplicationModule(
        allowedDependencies = {
            "sink",
            "batch",
            "catalog",
            "commit",
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
