/** Sinks that show their records on standard output, for trying things out. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.log;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
