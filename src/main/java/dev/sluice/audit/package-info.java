/** The trail of what operators have done, and the service on its own: who, when, what, why, with what effect. */
@ApplicationModule(allowedDependencies = {"access", "outcome", "request"})
@NullMarked
package dev.sluice.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
