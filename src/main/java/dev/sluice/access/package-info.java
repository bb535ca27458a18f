/** Who sends a request, and what they may do: verbs, grants, identities, and what a route needs. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.sluice.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
