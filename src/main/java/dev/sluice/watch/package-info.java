/** Pages that change while somebody looks at them: one look for all who watch, and only what has changed for each. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "body",
            "catalog",
            "console",
            "delivery",
            "history",
            "outcome",
            "problem",
            "request",
            "security",
            "snapshot"
        })
@NullMarked
package dev.sluice.watch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
