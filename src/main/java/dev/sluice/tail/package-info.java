/** Watching records of a partition arrive: server-sent events, sampled and bounded. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "body",
            "catalog",
            "commit",
            "ingest",
            "partition",
            "problem",
            "security",
            "snapshot"
        })
@NullMarked
package dev.sluice.tail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
