/** The HTTP face for writers: body readers, limits, and what each outcome looks like in an answer. */
@ApplicationModule(allowedDependencies = {"sink", "batch", "catalog", "json", "partition", "problem", "snapshot"})
@NullMarked
package dev.sluice.ingest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
