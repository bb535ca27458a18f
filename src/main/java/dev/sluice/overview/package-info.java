/** Pages about the service as a whole: what needs somebody, who has done what, whose keys there are. */
@ApplicationModule(allowedDependencies = {"access", "call", "console"})
@NullMarked
package dev.sluice.overview;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
