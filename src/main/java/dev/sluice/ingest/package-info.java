/** The HTTP face for writers: body readers, limits, problem details. */
@ApplicationModule(allowedDependencies = {"sink", "catalog", "partition"})
@NullMarked
package dev.sluice.ingest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
