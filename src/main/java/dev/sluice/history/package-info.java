/** The last hour of each sink: rates, times and what waits, of all replicas together, in memory. */
@ApplicationModule(
        allowedDependencies = {"access", "body", "catalog", "outcome", "problem", "request", "security", "snapshot"})
@NullMarked
package dev.sluice.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
