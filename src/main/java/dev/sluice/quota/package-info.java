/** How much of the service each sender is given: decided before a body is read, and for each sender by itself. */
@ApplicationModule(allowedDependencies = {"access", "control", "problem"})
@NullMarked
package dev.sluice.quota;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
