/** The HTTP face for operators: definitions and health. */
@ApplicationModule(
        allowedDependencies = {
            "sink",
            "body",
            "catalog",
            "column",
            "commit",
            "database",
            "definition",
            "delivery",
            "outcome",
            "partition",
            "problem"
        })
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
