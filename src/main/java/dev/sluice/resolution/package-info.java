/** What becomes of dead letters: looked at, edited, replayed, discarded, one by one and many at once. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "audit",
            "body",
            "catalog",
            "commit",
            "control",
            "deadletter",
            "ingest",
            "live",
            "operator",
            "outcome",
            "partition",
            "problem",
            "request",
            "security",
            "snapshot"
        })
@NullMarked
package dev.sluice.resolution;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
