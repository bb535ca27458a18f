/** What became of what was tried: how long sinks and the database have been failing, and why. */
@ApplicationModule(allowedDependencies = {"sink"})
@NullMarked
package dev.sluice.outcome;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
