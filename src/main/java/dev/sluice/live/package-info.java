/** Partitions in memory: beans of a Spring scope of their own, built from their snapshot and dropped with it. */
@ApplicationModule(allowedDependencies = {"sink", "catalog", "deadletter", "snapshot"})
@NullMarked
package dev.sluice.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
