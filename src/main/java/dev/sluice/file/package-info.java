/** Sinks whose target is a directory of NDJSON files. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.file;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
