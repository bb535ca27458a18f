/** How failures are told: one kind of problem document (RFC 9457) for whatever goes wrong over HTTP. */
@ApplicationModule(allowedDependencies = {"access", "request"})
@NullMarked
package dev.sluice.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
