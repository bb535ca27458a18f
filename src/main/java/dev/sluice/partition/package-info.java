/** Running partitions: the decision table, commit lanes, open, rewind and close, and the scope that owns the beans. */
@ApplicationModule(allowedDependencies = {"sink", "batch", "catalog", "snapshot"})
@NullMarked
package dev.sluice.partition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
