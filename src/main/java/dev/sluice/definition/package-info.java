/** Definitions as they were given: where they are kept, how they are read, and what is wrong with which field. */
@ApplicationModule(allowedDependencies = {"sink", "deadletter", "delivery"})
@NullMarked
package dev.sluice.definition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
