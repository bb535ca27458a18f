/** The HTTP face for operators: definitions and health. */
@ApplicationModule(
        allowedDependencies = {
            "access",
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
            "key",
            "problem",
            "quota",
            "request",
            "security",
            "snapshot"
        })
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
