/** The HTTP face for operators: definitions and health. */
@ApplicationModule(
        allowedDependencies = {
            "sink",
            "audit",
            "body",
            "catalog",
            "column",
            "commit",
            "control",
            "database",
            "definition",
            "delivery",
            "ingest",
            "outcome",
            "partition",
            "problem",
            "snapshot"
        })
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
