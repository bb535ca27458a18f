/** A port of its own for the console: what is served there, and what is not served elsewhere then. */
@ApplicationModule(allowedDependencies = {"problem", "session"})
@NullMarked
package dev.sluice.port;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
