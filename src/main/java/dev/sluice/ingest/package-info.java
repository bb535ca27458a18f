/** The HTTP face for writers, and what each outcome looks like in an answer. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "sink",
            "admission",
            "batch",
            "body",
            "catalog",
            "commit",
            "control",
            "delivery",
            "history",
            "meter",
            "partition",
            "problem",
            "request",
            "security",
            "snapshot"
        })
@NullMarked
package dev.sluice.ingest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
