/** Definitions as they were given: how settings are read from them, and what was wrong with which. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.definition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
