/** Calls of the API from within the process: what pages read and what their buttons send. */
@ApplicationModule(allowedDependencies = {"access", "request", "session"})
@NullMarked
package dev.sluice.call;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
