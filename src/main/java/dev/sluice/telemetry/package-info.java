/** What this process shows of itself and of the database in meters, besides what is counted where it happens. */
@ApplicationModule(
        allowedDependencies = {"sink", "catalog", "commit", "control", "delivery", "meter", "outcome", "snapshot"})
@NullMarked
package dev.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
