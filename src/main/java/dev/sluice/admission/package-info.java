/** How much is taken in at once: decided before a body is read, and so that no sink and no slow sender takes it all. */
@ApplicationModule(allowedDependencies = {"meter", "problem"})
@NullMarked
package dev.sluice.admission;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
