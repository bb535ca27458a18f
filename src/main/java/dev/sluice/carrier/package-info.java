/** Keeps virtual threads going when all the platform threads that carry them are stuck. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.carrier;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
